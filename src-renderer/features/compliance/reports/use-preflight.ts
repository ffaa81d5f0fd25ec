import { useEffect, useState } from 'react';
import type { PreflightFinding } from '#shared/ipc/compliance-views.ts';
import type { ReportRequest } from '#shared/model/report.ts';
import { call } from '../../../bridge/call.ts';
import { toUiError, type UiError } from '../../../bridge/ui-error.ts';

/** Asked this long after the last change of the request. */
const PAUSE_MS = 400;

export interface Preflight {
  /** null while nothing is known of this request. */
  readonly findings: readonly PreflightFinding[] | null;
  readonly error: UiError | null;
  readonly asking: boolean;
  readonly retry: () => void;
}

/** What an auditor would send back of a report, before it is made. Asked once the choices rest. */
export function usePreflight(request: ReportRequest | null): Preflight {
  const key = request === null ? '' : JSON.stringify(request);
  const [answer, setAnswer] = useState<{
    readonly key: string;
    readonly findings: readonly PreflightFinding[] | null;
    readonly error: UiError | null;
  }>({ key: '', findings: null, error: null });
  const [round, setRound] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` is the request, `round` asks again
  useEffect(() => {
    if (request === null) return;
    let dropped = false;
    const timer = setTimeout(() => {
      call('reports.preflight', request).then(
        (findings) => {
          if (!dropped) setAnswer({ key, findings, error: null });
        },
        (error: unknown) => {
          if (!dropped) setAnswer({ key, findings: null, error: toUiError(error) });
        },
      );
    }, PAUSE_MS);
    return () => {
      dropped = true;
      clearTimeout(timer);
    };
  }, [key, round]);

  const current = key !== '' && answer.key === key;
  return {
    findings: current ? answer.findings : null,
    error: current ? answer.error : null,
    asking: key !== '' && !current,
    retry: () => {
      setAnswer({ key: '', findings: null, error: null });
      setRound((value) => value + 1);
    },
  };
}
