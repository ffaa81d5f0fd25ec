import { useState } from 'react';
import type { REPORT_FORMATS } from '#shared/ipc/compliance-channels.ts';
import type { ReportRequest, SignedReport } from '#shared/model/report.ts';
import { call } from '../../../bridge/call.ts';
import { requireStopped } from '../../../bridge/ui-error.ts';
import { type Action, useAction } from '../../../bridge/use-action.ts';
import { useProgress } from './use-progress.ts';
import { useStopOnLeave } from './use-stop-on-leave.ts';
import type { Progress } from './work-progress.tsx';

export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** A file that was written. */
export interface Saved {
  readonly file: string;
  readonly bytes: number;
  readonly digest: string;
}

export interface ReportMaker {
  readonly preview: Action<readonly [ReportRequest]>;
  readonly cancel: Action<readonly []>;
  readonly save: Action<readonly [ReportFormat]>;
  readonly progress: Progress | null;
  readonly report: SignedReport | null;
  /** Whether the last preview was stopped by the person. */
  readonly cancelled: boolean;
  /** The file written last, and in which format. */
  readonly saved: (Saved & { readonly format: ReportFormat }) | null;
  readonly close: () => void;
}

/** Computes a report, shows how far that is, and writes what was computed. */
export function useReport(onSaved: () => void): ReportMaker {
  const { progress, reset } = useProgress('reporting');
  const [report, setReport] = useState<SignedReport | null>(null);
  const [cancelled, setCancelled] = useState(false);
  const [saved, setSaved] = useState<ReportMaker['saved']>(null);

  const preview = useAction(async (request: ReportRequest) => {
    reset();
    setCancelled(false);
    setSaved(null);
    try {
      setReport(await call('reports.preview', request));
    } catch (failure) {
      requireStopped(failure);
      setCancelled(true);
    }
  });
  useStopOnLeave(preview.busy, 'reports.cancel');
  const cancel = useAction(async () => {
    await call('reports.cancel', {});
  });
  const save = useAction(async (format: ReportFormat) => {
    if (report === null) return;
    const answer = await call('reports.save', { digest: report.digest, format });
    if (answer.cancelled) return;
    setSaved({ ...answer.value, format });
    onSaved();
  });
  const close = () => {
    setReport(null);
    setSaved(null);
    save.clear();
  };
  return { preview, cancel, save, progress, report, cancelled, saved, close };
}
