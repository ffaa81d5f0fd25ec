import type { EnvironmentInfo } from '#shared/ipc/views.ts';
import type { Incident } from '#shared/model/incident.ts';
import { CommandButton } from '../../components/button.tsx';
import { HashText } from '../../components/hash-text.tsx';
import { ScreenTitle } from '../../components/screen-title.tsx';
import { StateTag } from '../../components/state-tag.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { SEVERITY_WORDS, SOURCE_NAMES, STATUS_WORDS } from '../../format/words.ts';
import { formatRoute } from '../../navigation/route.ts';

interface IncidentHeaderProps {
  readonly incident: Incident;
  readonly environment: EnvironmentInfo | null;
  readonly starting: boolean;
  readonly cancelling: boolean;
}

export function IncidentHeader({ incident, environment, starting, cancelling }: IncidentHeaderProps) {
  const { source } = incident;
  return (
    <div className="screen-head">
      <div className="head-text">
        <a className="back" href={formatRoute({ screen: 'incidents' })}>
          ← Incidents
        </a>
        <div className="title-line">
          <StateTag state={SEVERITY_WORDS[incident.severity]} />
          <ScreenTitle page={incident.id}>
            <span className="external-wrap">{incident.title}</span>
          </ScreenTitle>
          <StateTag state={STATUS_WORDS[incident.status]} />
        </div>
        <p className="sub facts-line">
          <code>{incident.id}</code>
          <span>
            {environment?.title ?? incident.environment}
            {source.region === null ? null : (
              <>
                , <span className="nowrap">{source.region}</span>
              </>
            )}
          </span>
          <span>
            since <TimeText iso={incident.startedAt} />
          </span>
          <span>
            opened <TimeText iso={incident.openedAt} form="age" />
          </span>
          <span>
            by {SOURCE_NAMES[source.kind]} <code className="external-wrap">{source.alarmName}</code>
          </span>
          <span>
            payload <HashText value={source.payloadDigest} what="Payload digest" />
          </span>
        </p>
        <p className="origin">Title and alarm name were written outside Causeway.</p>
      </div>
      <div className="row-actions">
        <CommandButton command="incident.cancel" look="reject" busy={cancelling} busyLabel="Cancelling…" />
        <CommandButton command="incident.investigate" look="primary" busy={starting} busyLabel="Starting…" />
      </div>
    </div>
  );
}
