import { type ReactNode, useState } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import { useMay, usePermissions } from '../bridge/access-provider.tsx';
import { useConsole } from '../bridge/console-provider.tsx';
import { PeopleProvider } from '../bridge/people-provider.tsx';
import { CommandPalette } from '../commands/palette.tsx';
import { ShortcutHelp } from '../commands/shortcut-help.tsx';
import { useNow } from '../components/now.ts';
import { ShapeIcon } from '../components/shape-icon.tsx';
import { ShortcutPrint } from '../components/shortcut-keys.tsx';
import { useLasting } from '../components/use-lasting.ts';
import { useProtections } from '../features/access/use-protections.ts';
import { useReviews } from '../features/approvals/use-reviews.ts';
import { formatRoute, type Route } from '../navigation/route.ts';
import { mayOpen } from '../navigation/screens.ts';
import { AccountMenu } from './account-menu.tsx';
import { wordChain } from './chain-word.ts';
import { useGlobalCommands } from './global-commands.ts';
import { HistoryBanner } from './history-banner.tsx';
import { useHistory } from './history-provider.tsx';
import { NavGroup, NavLink } from './nav-link.tsx';

/** What stands around every screen: header, navigation, and the overlays that open from anywhere. */
export function Frame({ route, children }: { readonly route: Route; readonly children: ReactNode }) {
  const [overlay, setOverlay] = useState<'palette' | 'help' | null>(null);
  const { incidents, pending, info } = useConsole();
  useGlobalCommands({ openPalette: () => setOverlay('palette'), openHelp: () => setOverlay('help') });
  const mayIncidents = useMay('incidents.read');
  const mayTrail = useMay('trail.read');
  const mayAccess = mayOpen('access', usePermissions());
  const mayCompliance = useMay('compliance.read');
  const reviews = useReviews().data?.length ?? 0;
  const changes = useProtections().data ?? [];
  const open = incidents.filter((incident) => incident.status !== 'resolved').length;
  const sandboxes = info.environments.filter((environment) => environment.kind === 'sandbox').length;

  return (
    <div className="frame">
      <header className="frame-head">
        <a
          className="skip-link"
          href={formatRoute(route)}
          onClick={(event) => {
            event.preventDefault();
            document.querySelector<HTMLElement>('main h1')?.focus();
          }}
        >
          Skip to content
        </a>
        <div className="brand">
          <span className="brand-mark" aria-hidden="true" />
          Causeway
        </div>
        <AriaButton className="find" onPress={() => setOverlay('palette')} aria-keyshortcuts="Control+K Meta+K">
          Run a command
          <ShortcutPrint shortcut="mod+k" />
        </AriaButton>
        {info.synthetic ? (
          <span
            className="tag tone-warn sandbox-mark"
            title="Everything in this workspace is made up: an example of Causeway, and no evidence of anything"
          >
            <ShapeIcon shape="diamond" />
            Synthetic data
          </span>
        ) : null}
        {sandboxes > 0 ? (
          <span
            className="tag tone-warn sandbox-mark"
            title="Alarms and changes act on a simulated cloud on this computer"
          >
            <ShapeIcon shape="diamond" />
            {sandboxes === info.environments.length ? 'Sandbox cloud' : 'Sandbox cloud and AWS'}
          </span>
        ) : null}
        <ChainState />
        <AccountMenu />
      </header>
      <nav className="frame-nav" aria-label="Console">
        {mayIncidents ? (
          <>
            <NavLink
              to={{ screen: 'incidents' }}
              current={route.screen === 'incidents' || route.screen === 'incident'}
              count={open}
              counted="not resolved"
            >
              Incidents
            </NavLink>
            <NavLink
              to={{ screen: 'approvals' }}
              current={route.screen === 'approvals'}
              count={pending.length + reviews}
              counted={reviews === 0 ? 'waiting' : 'waiting for a decision or a review'}
              urgent
            >
              Approvals
            </NavLink>
          </>
        ) : null}
        {mayTrail ? (
          <>
            <NavGroup>Trail</NavGroup>
            <NavLink to={{ screen: 'audit', filter: {} }} current={route.screen === 'audit'}>
              Audit trail
            </NavLink>
            <NavLink to={{ screen: 'verification' }} current={route.screen === 'verification'}>
              Verification
            </NavLink>
          </>
        ) : null}
        {mayCompliance ? (
          <>
            <NavGroup>Assurance</NavGroup>
            <NavLink to={{ screen: 'compliance' }} current={route.screen === 'compliance'}>
              Compliance
            </NavLink>
          </>
        ) : null}
        {mayAccess ? (
          <>
            <NavGroup>Workspace</NavGroup>
            <NavLink
              to={{ screen: 'access', ...(changes.length === 0 ? {} : { section: 'changes' as const }) }}
              current={route.screen === 'access'}
              count={changes.length}
              counted={
                changes.length === 1 ? 'change waiting for a second person' : 'changes waiting for a second person'
              }
              urgent
            >
              Access
            </NavLink>
          </>
        ) : null}
      </nav>
      <div className="frame-body">
        <HistoryBanner route={route} changes={changes} />
        <PeopleProvider>{children}</PeopleProvider>
      </div>
      {overlay === 'palette' ? <CommandPalette onClose={() => setOverlay(null)} /> : null}
      {overlay === 'help' ? <ShortcutHelp onClose={() => setOverlay(null)} /> : null}
    </div>
  );
}

function ChainState() {
  const { chain, verifying } = useConsole();
  const now = useNow(1000);
  const long = useLasting(verifying !== null);
  const { standing } = useHistory();
  const word = wordChain(chain, long ? verifying : null, now, standing?.state);
  return (
    <a className={`chain-state tone-${word.tone}`} href={formatRoute({ screen: 'verification' })}>
      <ShapeIcon shape={word.shape} />
      <span className="num">{word.text}</span>
    </a>
  );
}
