import { Button } from '../../components/button.tsx';
import { CopyButton } from '../../components/hash-text.tsx';
import { Panel } from '../../components/panel.tsx';
import { ErrorPanel } from '../../components/states.tsx';
import { useLasting } from '../../components/use-lasting.ts';
import { WorkProgress } from '../compliance/reports/work-progress.tsx';
import type { Example, ExampleLoading } from './use-example.ts';

/** A year of made-up records, loaded into a workspace of its own. */
export function ExamplePanel({ example }: { readonly example: ExampleLoading }) {
  const { load, cancel, stopped, progress, made, telling } = example;
  const long = useLasting(load.busy);
  if (telling && made !== null) {
    return (
      <Panel title="The example is ready">
        <div className="entry-form">
          <p role="status">
            A year of synthetic history is loaded into the workspace <code>{made.tenant}</code>. Everybody in it is made
            up, and nothing in it happened.
          </p>
          <ExampleFacts example={made} />
          <div className="entry-actions">
            <Button look="primary" onPress={example.goOn}>
              Go on to sign in
            </Button>
          </div>
        </div>
      </Panel>
    );
  }
  return (
    <Panel title="A year of synthetic history">
      <div className="entry-form">
        <p>
          Makes an example workspace with a year of plainly synthetic records, signed and chained as real ones are. It
          is there to look around: the control register and its gaps, occurrences and exceptions, samples, reports, the
          readiness plan. It touches no other workspace.
        </p>
        {load.error === null ? null : <ErrorPanel error={load.error} title="The example was not loaded" />}
        {stopped && !load.busy ? (
          <p className="sub" role="status">
            Stopped: nothing is left of the example.
          </p>
        ) : null}
        <div className="entry-actions">
          <Button look="primary" busy={load.busy} busyLabel="Loading a year…" onPress={() => void load.run()}>
            Load the example
          </Button>
        </div>
        {long ? (
          <WorkProgress
            what="Writing the year"
            progress={progress}
            cancelling={cancel.busy}
            onCancel={() => void cancel.run()}
          />
        ) : null}
      </div>
    </Panel>
  );
}

/** How one signs in to the example. */
export function ExampleFacts({ example }: { readonly example: Example }) {
  return (
    <dl className="example-facts">
      <dt>E-mail address</dt>
      <dd className="copy-line">
        <code className="wrap">{example.email}</code>
        <CopyButton value={example.email} what="E-mail address" />
      </dd>
      <dt>Password</dt>
      <dd className="copy-line">
        <code className="wrap">{example.password}</code>
        <CopyButton value={example.password} what="Password" />
      </dd>
    </dl>
  );
}
