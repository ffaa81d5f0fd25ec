import './bridge/zod-csp.ts';
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import 'uplot/dist/uPlot.min.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/frame.css';
import './styles/controls.css';
import './styles/fields.css';
import './styles/overlays.css';
import './styles/grid.css';
import './styles/incidents.css';
import './styles/investigation.css';
import './styles/approvals.css';
import './styles/audit.css';
import './styles/export.css';
import './styles/verification.css';
import './styles/entry.css';
import './styles/account.css';
import './styles/access.css';
import './styles/policies.css';
import './styles/compliance.css';
import './styles/compliance-marks.css';
import './styles/report.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { applyTheme, readTheme } from './components/theme.ts';

applyTheme(readTheme());
const root = document.getElementById('root');
if (root === null) throw new Error('the page has no root element');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
