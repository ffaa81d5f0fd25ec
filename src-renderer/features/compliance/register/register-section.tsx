import { useState } from 'react';
import type { ComplianceOverview } from '#shared/ipc/compliance-views.ts';
import { ControlKind, ControlStatus, FRAMEWORKS } from '#shared/model/control.ts';
import type { Query } from '../../../bridge/use-query.ts';
import { Button } from '../../../components/button.tsx';
import { Panel } from '../../../components/panel.tsx';
import { EmptyState } from '../../../components/states.tsx';
import { formatCount, formatPlural } from '../../../format/numbers.ts';
import { Choice, Words } from '../../audit/filter-fields.tsx';
import { CONTROL_WORDS, FRAMEWORK_MARKS, KIND_NAMES } from '../compliance-words.ts';
import { QueryStates } from '../parts/query-states.tsx';
import { MarkLegend } from '../parts/week-strip.tsx';
import { ControlsTable } from './controls-table.tsx';
import { filterControls, type RegisterFilter } from './register-filter.ts';

/** Every control there is, by who answers for it and how it stands. */
export function RegisterSection({ overview }: { readonly overview: Query<ComplianceOverview> }) {
  const [filter, setFilter] = useState<RegisterFilter>({});
  const { data } = overview;
  const shown = data === null ? [] : filterControls(data.controls, filter);
  const set = <M extends keyof RegisterFilter>(member: M, value: RegisterFilter[M] | undefined) => {
    const { [member]: _, ...rest } = filter;
    setFilter(value === undefined ? rest : { ...rest, [member]: value });
  };
  return (
    <>
      <QueryStates query={overview} what="Reading the register…" failed="The register could not be read" />
      {data === null ? null : (
        <>
          <search className="filters" aria-label="Filter the register">
            <Words
              id="register-text"
              label="Search"
              hint="words of a control, its owner or a criterion"
              placeholder="Search controls, owners, criteria"
              most={200}
              value={filter.text}
              onChange={(text) => set('text', text.trim() === '' ? undefined : text)}
            />
            <Choice
              label="Kind"
              any="any kind"
              value={filter.kind}
              options={ControlKind.options.map((kind) => [kind, KIND_NAMES[kind].toLowerCase()])}
              onChange={(kind) => set('kind', ControlKind.safeParse(kind).data)}
            />
            <Choice
              label="Status"
              any="any status"
              value={filter.status}
              options={ControlStatus.options.map((status) => [status, CONTROL_WORDS[status].word.toLowerCase()])}
              onChange={(status) => set('status', ControlStatus.safeParse(status).data)}
            />
            <Choice
              label="Framework"
              any="any framework"
              value={filter.framework}
              options={FRAMEWORKS.map((framework) => [framework, FRAMEWORK_MARKS[framework]])}
              onChange={(value) =>
                set(
                  'framework',
                  FRAMEWORKS.find((framework) => framework === value),
                )
              }
            />
          </search>
          <Panel
            title="Control register"
            className="list-section"
            aside={
              <>
                {data.counting.asOf === null || shown.length === 0 ? null : (
                  <MarkLegend unit="week" periods={shown.flatMap(({ weeks }) => weeks)} />
                )}
                <span className="num" role="status">
                  {shown.length === data.controls.length
                    ? formatPlural(shown.length, 'control')
                    : `${formatCount(shown.length)} of ${formatPlural(data.controls.length, 'control')}`}
                </span>
              </>
            }
          >
            {shown.length === 0 ? (
              <EmptyState title="No control fits">
                <p>Status comes from evidence, so what is looked for may have changed meanwhile.</p>
                <Button onPress={() => setFilter({})}>Show every control</Button>
              </EmptyState>
            ) : (
              <ControlsTable controls={shown} counted={data.counting.asOf !== null} owners />
            )}
          </Panel>
        </>
      )}
    </>
  );
}
