import { ConsoleProvider } from './bridge/console-provider.tsx';
import { ShortcutKeys } from './commands/command-context.tsx';
import { ErrorBoundary } from './components/error-boundary.tsx';
import { ErrorPanel, Loading } from './components/states.tsx';
import { ToastProvider, useToasts } from './components/toasts.tsx';
import { ApprovalsScreen } from './features/approvals/approvals-screen.tsx';
import { TrailScreen } from './features/audit/trail-screen.tsx';
import { IncidentScreen } from './features/incidents/incident-screen.tsx';
import { IncidentsScreen } from './features/incidents/incidents-screen.tsx';
import { VerificationScreen } from './features/verification/verification-screen.tsx';
import { Frame } from './frame/frame.tsx';
import { HistoryProvider } from './frame/history-provider.tsx';
import { useWindowLostNotice } from './frame/window-lost.ts';
import type { Route } from './navigation/route.ts';
import { useRoute } from './navigation/use-route.ts';

export function App() {
  return (
    <ToastProvider>
      <ShortcutKeys>
        <HistoryProvider>
          <Workspace />
        </HistoryProvider>
      </ShortcutKeys>
    </ToastProvider>
  );
}

function Workspace() {
  const route = useRoute();
  const toasts = useToasts();
  useWindowLostNotice();
  return (
    <ConsoleProvider
      loading={
        <main className="screen-alone">
          <h1 className="visually-hidden">Causeway</h1>
          <Loading what="Opening the workspace…" />
        </main>
      }
      failed={(error, retry) => (
        <main className="screen-alone">
          <h1 className="visually-hidden">Causeway</h1>
          <ErrorPanel error={error} title="The workspace could not be opened" onRetry={retry} />
        </main>
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
  }
}
