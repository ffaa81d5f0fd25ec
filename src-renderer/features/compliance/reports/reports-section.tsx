import { Panel } from '../../../components/panel.tsx';

export function ReportsSection() {
  return <Panel title="Reports">{null}</Panel>;
}
