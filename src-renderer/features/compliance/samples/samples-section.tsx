import { Panel } from '../../../components/panel.tsx';

export function SamplesSection() {
  return <Panel title="Samples">{null}</Panel>;
}
