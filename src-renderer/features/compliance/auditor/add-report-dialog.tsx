import { useState } from 'react';
import type { ReportRequest } from '#shared/model/report.ts';
import { Button } from '../../../components/button.tsx';
import { ModalDialog } from '../../../components/modal-dialog.tsx';
import { PreflightList } from '../reports/preflight-list.tsx';
import { ReportBuilder } from '../reports/report-builder.tsx';
import { beginChoice, isProblem, requestOf } from '../reports/report-choice.ts';
import type { ReportFacts } from '../reports/use-choice-facts.ts';
import { usePreflight } from '../reports/use-preflight.ts';

interface AddReportDialogProps {
  readonly facts: ReportFacts;
  readonly onAdd: (request: ReportRequest) => void;
  readonly onClose: () => void;
}

/** One report of a bundle, chosen as any other. */
export function AddReportDialog({ facts, onAdd, onClose }: AddReportDialogProps) {
  const [choice, setChoice] = useState(() => beginChoice(facts.now));
  const [told, setTold] = useState(false);
  const asked = requestOf(choice, facts);
  const preflight = usePreflight(isProblem(asked) ? null : asked);
  const add = () => {
    setTold(true);
    if (!isProblem(asked)) onAdd(asked);
  };
  return (
    <ModalDialog title="A report of the bundle" size="large" dismissable={false} onClose={onClose}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
      <section className="dialog-body add-report" tabIndex={0} aria-label="Choices">
        <ReportBuilder choice={choice} facts={facts} asked={asked} told={told} onChange={setChoice} />
        <section className="add-findings" aria-label="What an auditor would send back">
          <h3>What an auditor would send back</h3>
          <PreflightList preflight={preflight} problem={isProblem(asked) ? asked.text : null} />
        </section>
      </section>
      <footer className="dialog-foot">
        <span className="foot-note" role="status">
          {told && isProblem(asked) ? asked.text : ''}
        </span>
        <Button look="ghost" onPress={onClose}>
          Cancel
        </Button>
        <Button look="primary" onPress={add}>
          Add the report
        </Button>
      </footer>
    </ModalDialog>
  );
}
