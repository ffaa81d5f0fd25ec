import { useCommands } from '../commands/command-context.tsx';
import { chooseTheme } from '../components/theme.ts';
import { SECTION_NEEDS } from '../features/access/access-sections.ts';
import { navigate } from '../navigation/use-route.ts';

interface Openers {
  readonly openPalette: () => void;
  readonly openHelp: () => void;
}

const SECTIONS = [
  { section: 'checkpoints', title: 'Go to checkpoints', keywords: 'tree root cosignature' },
  { section: 'witnesses', title: 'Go to witnesses', keywords: 'folder cosign' },
  { section: 'keys', title: 'Go to signing keys', keywords: 'rotate' },
  { section: 'self-test', title: 'Go to the self-test', keywords: 'attack append-only' },
  { section: 'files', title: 'Go to chain files', keywords: 'verify export' },
] as const;

const ACCESS = [
  { section: 'people', title: 'Go to people', keywords: 'users roles invite' },
  { section: 'roles', title: 'Go to roles and permissions', keywords: 'matrix rights' },
  { section: 'api-keys', title: 'Go to API keys', keywords: 'tokens scopes' },
  { section: 'devices', title: 'Go to devices', keywords: 'device keys decide by file' },
  { section: 'leases', title: 'Go to live leases', keywords: 'credentials revoke' },
  { section: 'policies', title: 'Go to guardrail policies', keywords: 'cedar rules versions' },
  { section: 'changes', title: 'Go to changes waiting for a second person', keywords: 'protections four eyes' },
] as const;

const COMPLIANCE = [
  { section: 'frameworks', title: 'Go to frameworks', keywords: 'criteria coverage soc 2 iso gdpr lgpd kvkk tisax' },
  { section: 'controls', title: 'Go to the control register', keywords: 'status owner cadence' },
  { section: 'exceptions', title: 'Go to exceptions', keywords: 'deviations missed late' },
  { section: 'reviews', title: 'Go to access reviews', keywords: 'campaign keep revoke' },
  { section: 'readiness', title: 'Go to the readiness plan', keywords: 'gaps timeline weeks' },
  { section: 'samples', title: 'Go to samples', keywords: 'population seed worksheet' },
  { section: 'reports', title: 'Go to evidence reports', keywords: 'type ii pdf oscal re-perform' },
  { section: 'auditor', title: 'Go to the auditor bundle', keywords: 'notes auditor' },
] as const;

/** Commands that can be run from every screen. */
export function useGlobalCommands({ openPalette, openHelp }: Openers): void {
  useCommands([
    { id: 'palette.open', title: 'Run a command', group: 'Help', shortcut: 'mod+k', hidden: true, run: openPalette },
    { id: 'help.shortcuts', title: 'Show keyboard shortcuts', group: 'Help', shortcut: '?', run: openHelp },
    {
      id: 'go.incidents',
      permission: 'incidents.read',
      title: 'Go to incidents',
      group: 'Go to',
      shortcut: 'g i',
      run: () => navigate({ screen: 'incidents' }),
    },
    {
      id: 'go.approvals',
      permission: 'incidents.read',
      title: 'Go to approvals',
      group: 'Go to',
      shortcut: 'g a',
      run: () => navigate({ screen: 'approvals' }),
    },
    {
      id: 'go.audit',
      permission: 'trail.read',
      title: 'Go to the audit trail',
      group: 'Go to',
      shortcut: 'g t',
      keywords: 'records log',
      run: () => navigate({ screen: 'audit', filter: {} }),
    },
    {
      id: 'go.verification',
      permission: 'trail.read',
      title: 'Go to verification',
      group: 'Go to',
      shortcut: 'g v',
      keywords: 'chain verdict',
      run: () => navigate({ screen: 'verification' }),
    },
    ...SECTIONS.map(({ section, title, keywords }) => ({
      id: `go.verification.${section}`,
      title,
      permission: 'trail.read' as const,
      group: 'Go to',
      keywords: `verification ${keywords}`,
      run: () => navigate({ screen: 'verification', section }),
    })),
    {
      id: 'go.access',
      title: 'Go to access',
      group: 'Go to',
      shortcut: 'g p',
      keywords: 'people roles keys leases policies',
      run: () => navigate({ screen: 'access' }),
    },
    ...ACCESS.map(({ section, title, keywords }) => ({
      id: `go.access.${section}`,
      title,
      permission: SECTION_NEEDS[section],
      group: 'Go to',
      keywords: `access ${keywords}`,
      run: () => navigate({ screen: 'access', section }),
    })),
    {
      id: 'go.compliance',
      title: 'Go to compliance',
      permission: 'compliance.read',
      group: 'Go to',
      shortcut: 'g c',
      keywords: 'evidence controls assurance audit',
      run: () => navigate({ screen: 'compliance' }),
    },
    ...COMPLIANCE.map(({ section, title, keywords }) => ({
      id: `go.compliance.${section}`,
      title,
      permission: 'compliance.read' as const,
      group: 'Go to',
      keywords: `compliance ${keywords}`,
      run: () => navigate({ screen: 'compliance', section }),
    })),
    { id: 'theme.system', title: 'Theme: as the system', group: 'Window', run: () => chooseTheme('system') },
    { id: 'theme.light', title: 'Theme: light', group: 'Window', run: () => chooseTheme('light') },
    { id: 'theme.dark', title: 'Theme: dark', group: 'Window', run: () => chooseTheme('dark') },
  ]);
}
