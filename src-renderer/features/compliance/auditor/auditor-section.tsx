import { Panel } from '../../../components/panel.tsx';

export function AuditorSection() {
  return <Panel title="Auditor">{null}</Panel>;
}
