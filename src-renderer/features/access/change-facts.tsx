import { Fragment } from 'react';
import type { ProtectionRequest } from '#shared/ipc/protection-views.ts';
import { HashText } from '../../components/hash-text.tsx';
import { Countdown, TimeText } from '../../components/time-text.tsx';
import { formatPlural } from '../../format/numbers.ts';
import { readDetail } from './change-detail.ts';
import { DiffView } from './diff-view.tsx';

const DIGEST = /^[0-9a-f]{64}$/;

/** What is asked for, by whom and why, and every detail the digest binds. */
export function ChangeFacts({
  request,
  open = false,
}: {
  readonly request: ProtectionRequest;
  readonly open?: boolean;
}) {
  const short = request.details.filter(({ text }) => !text.includes('\n'));
  const long = request.details.filter(({ text }) => text.includes('\n'));
  return (
    <>
      <dl className="facts facts-wide">
        <dt>What</dt>
        <dd>{request.summary}</dd>
        <dt>Asked by</dt>
        <dd>
          {request.requestedByName} (<code>{request.requestedBy}</code>), <TimeText iso={request.requestedAt} />
        </dd>
        <dt>Because</dt>
        <dd>{request.justification}</dd>
        <dt>Time left</dt>
        <dd>
          <Countdown until={request.expiresAt} />, until <TimeText iso={request.expiresAt} />
        </dd>
        <dt>Digest</dt>
        <dd>
          <HashText value={request.digest} what="Digest of the change" />
          <span className="faint"> A decision binds to it.</span>
        </dd>
      </dl>
      {request.details.length === 0 ? null : (
        <details open={open}>
          <summary>{formatPlural(request.details.length, 'detail')}</summary>
          <div className="change-details">
            {short.length === 0 ? null : (
              <dl className="facts facts-details">
                {short.map(({ label, text }) => (
                  <Fragment key={label}>
                    <dt>{label}</dt>
                    <dd>{DIGEST.test(text) ? <HashText value={text} what={label} /> : text}</dd>
                  </Fragment>
                ))}
              </dl>
            )}
            {long.map((detail) => (
              <LongDetail key={detail.label} label={detail.label} text={detail.text} />
            ))}
          </div>
        </details>
      )}
    </>
  );
}

function LongDetail({ label, text }: { readonly label: string; readonly text: string }) {
  const lines = readDetail(text);
  return (
    <div className="change-detail">
      <h3>{label}</h3>
      {lines === null ? <pre className="cedar">{text}</pre> : <DiffView lines={lines} label={label} />}
    </div>
  );
}
