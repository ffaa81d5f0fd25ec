import { useCommands } from '../commands/command-context.tsx';
import { chooseTheme } from '../components/theme.ts';
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

/** Commands that can be run from every screen. */
export function useGlobalCommands({ openPalette, openHelp }: Openers): void {
  useCommands([
    { id: 'palette.open', title: 'Run a command', group: 'Help', shortcut: 'mod+k', hidden: true, run: openPalette },
    { id: 'help.shortcuts', title: 'Show keyboard shortcuts', group: 'Help', shortcut: '?', run: openHelp },
    {
      id: 'go.incidents',
      title: 'Go to incidents',
      group: 'Go to',
      shortcut: 'g i',
      run: () => navigate({ screen: 'incidents' }),
    },
    {
      id: 'go.approvals',
      title: 'Go to approvals',
      group: 'Go to',
      shortcut: 'g a',
      run: () => navigate({ screen: 'approvals' }),
    },
    {
      id: 'go.audit',
      title: 'Go to the audit trail',
      group: 'Go to',
      shortcut: 'g t',
      keywords: 'records log',
      run: () => navigate({ screen: 'audit', filter: {} }),
    },
    {
      id: 'go.verification',
      title: 'Go to verification',
      group: 'Go to',
      shortcut: 'g v',
      keywords: 'chain verdict',
      run: () => navigate({ screen: 'verification' }),
    },
    ...SECTIONS.map(({ section, title, keywords }) => ({
      id: `go.verification.${section}`,
      title,
      group: 'Go to',
      keywords: `verification ${keywords}`,
      run: () => navigate({ screen: 'verification', section }),
    })),
    { id: 'theme.system', title: 'Theme: as the system', group: 'Window', run: () => chooseTheme('system') },
    { id: 'theme.light', title: 'Theme: light', group: 'Window', run: () => chooseTheme('light') },
    { id: 'theme.dark', title: 'Theme: dark', group: 'Window', run: () => chooseTheme('dark') },
  ]);
}
