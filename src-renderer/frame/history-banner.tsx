import type { ProtectionRequest } from '#shared/ipc/protection-views.ts';
import { Button } from '../components/button.tsx';
import { ShapeIcon } from '../components/shape-icon.tsx';
import { formatCount, formatPlural } from '../format/numbers.ts';
import { formatRoute, type Route } from '../navigation/route.ts';
import { useHistory } from './history-provider.tsx';
import { countOpenBreaks } from './history-state.ts';

interface HistoryBannerProps {
  readonly route: Route;
  /** Changes that wait for a second person: an acknowledgement may be among them. */
  readonly changes: readonly ProtectionRequest[];
}

/** What stands on every screen while the own history is contradicted, and what was found until it is dismissed. */
export function HistoryBanner({ route, changes }: HistoryBannerProps) {
  const { standing, alarms, dismiss } = useHistory();
  const blocked = standing?.state === 'blocked' ? standing : null;
  if (blocked === null && alarms.length === 0) return null;
  const asked = changes.find(({ kind }) => kind === 'break-acknowledgement') ?? null;
  const here = route.screen === 'verification' && (route.section ?? 'history') === 'history';
  return (
    <section className="banners" aria-label="Alarms of the audit trail">
      {blocked === null ? null : (
        <div className="banner" role="alert">
          <ShapeIcon shape="cross" />
          <p>
            <strong>Nothing is written.</strong> The history of this workspace is contradicted:{' '}
            <span className="wrap">{blocked.breaks.find(({ acknowledged }) => acknowledged === null)?.text}</span>
            {countOpenBreaks(blocked) > 1 ? ` ${formatPlural(countOpenBreaks(blocked), 'break')} in all.` : ''}
            {asked === null ? '' : ` ${asked.requestedByName} asked to acknowledge it; a second person has to agree.`}
          </p>
          {asked !== null ? (
            <a className="btn btn-plain" href={formatRoute({ screen: 'access', section: 'changes' })}>
              See what waits
            </a>
          ) : here ? null : (
            <a className="btn btn-plain" href={formatRoute({ screen: 'verification' })}>
              See and decide
            </a>
          )}
        </div>
      )}
      {alarms.map((alarm) => (
        <div key={alarm.id} className="banner" role="alert">
          <ShapeIcon shape="bang" />
          <p>
            <span className="wrap">{alarm.text}</span>
            {alarm.bundle === null ? null : (
              <>
                {' Everything found is in '}
                <code className="wrap">{alarm.bundle}</code>
              </>
            )}
          </p>
          {alarm.seq === null ? (
            <a className="btn btn-plain" href={formatRoute({ screen: 'verification' })}>
              See what was found
            </a>
          ) : (
            <a className="btn btn-plain" href={formatRoute({ screen: 'audit', filter: {}, seq: alarm.seq })}>
              Show record {formatCount(alarm.seq)}
            </a>
          )}
          <Button look="ghost" label={`Dismiss: ${alarm.text}`} onPress={() => dismiss(alarm)}>
            <ShapeIcon shape="cross" />
          </Button>
        </div>
      ))}
    </section>
  );
}
