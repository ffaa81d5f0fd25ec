import type { ReactNode } from 'react';
import { AccessProvider, usePermissions } from './bridge/access-provider.tsx';
import { ConsoleProvider } from './bridge/console-provider.tsx';
import { ShortcutKeys } from './commands/command-context.tsx';
import { ErrorBoundary } from './components/error-boundary.tsx';
import { NoPermission } from './components/no-permission.tsx';
import { ErrorPanel, Loading } from './components/states.tsx';
import { useToasts } from './components/toasts.tsx';
import { AccessScreen } from './features/access/access-screen.tsx';
import { AccountProvider } from './features/account/account-provider.tsx';
import { Gate } from './features/account/gate.tsx';
import { ApprovalsScreen } from './features/approvals/approvals-screen.tsx';
import { TrailScreen } from './features/audit/trail-screen.tsx';
import { ComplianceScreen } from './features/compliance/compliance-screen.tsx';
import { IncidentScreen } from './features/incidents/incident-screen.tsx';
import { IncidentsScreen } from './features/incidents/incidents-screen.tsx';
import { VerificationScreen } from './features/verification/verification-screen.tsx';
import { Frame } from './frame/frame.tsx';
import { HistoryProvider } from './frame/history-provider.tsx';
import { useWindowLostNotice } from './frame/window-lost.ts';
import type { Route } from './navigation/route.ts';
import { mayOpen, SCREEN_NAMES } from './navigation/screens.ts';
import { useRoute } from './navigation/use-route.ts';

export function App() {
  return (
    <AccessProvider
      loading={
        <Alone>
          <Loading what="Looking for workspaces…" />
        </Alone>
      }
      failed={(error, retry) => (
        <Alone>
          <ErrorPanel error={error} title="Who is signed in could not be learnt" onRetry={retry} />
        </Alone>
      )}
    >
      <Gate>
        <ShortcutKeys>
          <HistoryProvider>
            <AccountProvider>
              <Workspace />
            </AccountProvider>
          </HistoryProvider>
        </ShortcutKeys>
      </Gate>
    </AccessProvider>
  );
}

/** The window before there is anything to show around it. */
function Alone({ children }: { readonly children: ReactNode }) {
  return (
    <main className="screen-alone">
      <h1 className="visually-hidden">Causeway</h1>
      {children}
    </main>
  );
}

function Workspace() {
  const route = useRoute();
  const toasts = useToasts();
  useWindowLostNotice();
  return (
    <ConsoleProvider
      loading={
        <Alone>
          <Loading what="Opening the workspace…" />
        </Alone>
      }
      failed={(error, retry) => (
        <Alone>
          <ErrorPanel error={error} title="The workspace could not be opened" onRetry={retry} />
        </Alone>
      )}
      onProblem={(error) => toasts.say(error.message, 'bad')}
    >
      <Frame route={route}>
        <ErrorBoundary key={route.screen}>
          <Screen route={route} />
        </ErrorBoundary>
      </Frame>
    </ConsoleProvider>
  );
}

function Screen({ route }: { readonly route: Route }) {
  const permissions = usePermissions();
  if (!mayOpen(route.screen, permissions)) return <NoPermission page={SCREEN_NAMES[route.screen]} />;
  switch (route.screen) {
    case 'incidents':
      return <IncidentsScreen />;
    case 'incident':
      return <IncidentScreen key={route.incident} incident={route.incident} />;
    case 'approvals':
      return <ApprovalsScreen open={route.remediation ?? null} />;
    case 'audit':
      return <TrailScreen filter={route.filter} seq={route.seq ?? null} />;
    case 'verification':
      return <VerificationScreen section={route.section ?? 'history'} />;
    case 'access':
      return <AccessScreen section={route.section ?? null} />;
    case 'compliance':
      return <ComplianceScreen section={route.section ?? 'overview'} id={route.id ?? null} />;
  }
}
