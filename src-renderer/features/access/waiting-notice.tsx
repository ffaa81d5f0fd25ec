import type { ProtectionRequest } from '#shared/ipc/protection-views.ts';
import { ShapeIcon } from '../../components/shape-icon.tsx';
import { Countdown } from '../../components/time-text.tsx';
import { formatRoute } from '../../navigation/route.ts';
import { KIND_NAMES } from './access-words.ts';

/** Where a change would be made: that one is asked for already, and waits. */
export function WaitingNotice({ request }: { readonly request: ProtectionRequest }) {
  return (
    <section className="notice tone-warn" aria-label="A change waits for a second person">
      <ShapeIcon shape="diamond" />
      <p>
        <strong>{KIND_NAMES[request.kind]} waits for a second person.</strong>{' '}
        <span className="external-wrap">
          Asked for by {request.requestedByName}; <Countdown until={request.expiresAt} /> left. Until somebody agrees
          nothing changes.
        </span>
      </p>
      <a className="btn btn-plain" href={formatRoute({ screen: 'access', section: 'changes' })}>
        See it
      </a>
    </section>
  );
}
