import { useEffect, useRef } from 'react';
import type { ReportException } from '#shared/model/report.ts';
import { Button } from '../../../components/button.tsx';
import { StateTag } from '../../../components/state-tag.tsx';
import { TimeText } from '../../../components/time-text.tsx';
import { EXCEPTION_WORDS, printKind } from '../compliance-words.ts';
import { ControlLink, RecordLink } from '../parts/links.tsx';
import { printTimes } from '../parts/sentence-times.ts';

interface ExceptionInspectorProps {
  readonly exception: ReportException;
  readonly controlName: string | null;
  readonly onClose: () => void;
}

/** One exception in full, with the ways to its record and its control. */
export function ExceptionInspector({ exception, controlName, onClose }: ExceptionInspectorProps) {
  const { id, control, kind, text, seq, time, state, fixedBy } = exception;
  const panel = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another exception is read from its beginning
  useEffect(() => {
    panel.current?.scrollTo({ top: 0 });
  }, [id]);
  const close = () => {
    onClose();
    document.querySelector<HTMLElement>('.exceptions-grid')?.focus();
  };
  return (
    <section
      ref={panel}
      className="panel inspector"
      aria-label="The exception"
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
    >
      <header className="panel-head">
        <h2>{printKind(kind)}</h2>
        <StateTag state={EXCEPTION_WORDS[state]} />
        <Button look="ghost" onPress={close}>
          Close
        </Button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, the keyboard has to reach it */}
      <section className="inspector-body pad stack-tight" tabIndex={0} aria-label="What is known of it">
        <p className="external-wrap">{printTimes(text)}</p>
        <dl className="facts">
          <dt>Control</dt>
          <dd>
            {control === null ? (
              <span className="faint">of no control</span>
            ) : (
              <ControlLink id={control} {...(controlName === null ? {} : { name: controlName })} />
            )}
          </dd>
          <dt>When</dt>
          <dd>{time === null ? <span className="faint">not tied to a moment</span> : <TimeText iso={time} />}</dd>
          <dt>Record</dt>
          <dd>
            {seq === null ? (
              <span className="faint">none: it is about something that did not happen</span>
            ) : (
              <RecordLink seq={seq} />
            )}
          </dd>
          <dt>Fixed by</dt>
          <dd>{fixedBy === null ? <span className="faint">nothing yet</span> : <RecordLink seq={fixedBy} />}</dd>
          <dt>Id</dt>
          <dd>
            <code className="wrap">{id}</code>
          </dd>
        </dl>
        <p className="sub">
          Fixed ones stay listed, in reports too: that it was not as it should be is part of the evidence.
        </p>
      </section>
    </section>
  );
}
