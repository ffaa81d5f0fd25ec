import { REPORT_KINDS, type ReportKind, type ReportRequest } from '#shared/model/report.ts';
import { ActorFilter } from './actor-filter.tsx';
import { CriteriaChoice } from './criteria-choice.tsx';
import { DayField } from './day-field.tsx';
import { type Option, OptionRadios } from './option-radios.tsx';
import { type ChoiceProblem, isProblem, type ReportChoice, windowOf } from './report-choice.ts';
import { REPORT_TERMS } from './report-words.ts';
import { SampleFields } from './sample-fields.tsx';
import { CampaignField, IncidentField } from './subject-fields.tsx';
import type { ReportFacts } from './use-choice-facts.ts';
import { WindowFields, WindowLine } from './window-fields.tsx';

interface ReportBuilderProps {
  readonly choice: ReportChoice;
  readonly facts: ReportFacts;
  readonly asked: ReportRequest | ChoiceProblem;
  /** Whether what is missing is told at its field, after it was asked for in vain. */
  readonly told: boolean;
  readonly onChange: (choice: ReportChoice) => void;
}

/** Everything that is chosen of a report: what it is about, of when, how narrow, and what it gives in clear. */
export function ReportBuilder({ choice, facts, asked, told, onChange }: ReportBuilderProps) {
  const terms = REPORT_TERMS[choice.kind];
  const set = (change: Partial<ReportChoice>) => {
    facts.renew();
    onChange({ ...choice, ...change });
  };
  const problemAt = (at: ChoiceProblem['at']) => (told && isProblem(asked) && asked.at === at ? asked.text : null);
  return (
    <div className="builder">
      <OptionRadios
        legend="Kind of report"
        legendHidden
        className="kind-options"
        options={KINDS}
        value={choice.kind}
        onChange={(kind) => set({ kind })}
      />
      <div className="builder-parts">
        {choice.kind === 'incident' ? (
          <IncidentField
            facts={facts}
            value={choice.incident}
            problem={problemAt('incident')}
            onChange={(incident) => set({ incident })}
          />
        ) : null}
        {choice.kind === 'access-review' ? (
          <CampaignField
            facts={facts}
            value={choice.campaign}
            problem={problemAt('campaign')}
            onChange={(campaign) => set({ campaign })}
          />
        ) : null}
        {terms.time === 'window' ? (
          <WindowFields
            value={choice.window}
            window={windowOf(choice.window, facts.now)}
            zone={facts.zone}
            onChange={(window) => set({ window })}
          />
        ) : null}
        {terms.time === 'date' ? (
          <div className="stack-tight">
            <DayField
              label="In place on (UTC)"
              value={choice.date}
              problem={isProblem(asked) && asked.at === 'date' ? asked.text : null}
              onChange={(date) => set({ date })}
            />
            {isProblem(asked) ? null : (
              <p className="hint">As everything stood at the end of that day, or now while it is not over.</p>
            )}
          </div>
        ) : null}
        {terms.time === 'subject' && !isProblem(asked) ? <WindowLine window={asked.window} zone={facts.zone} /> : null}
        {terms.frameworks.length === 0 ? null : (
          <CriteriaChoice
            key={choice.kind}
            frameworks={terms.frameworks}
            value={choice.criteria}
            problem={problemAt('criteria')}
            onChange={(criteria) => set({ criteria })}
          />
        )}
        {terms.sample ? (
          <SampleFields
            sampled={choice.sampled}
            number={choice.number}
            profile={choice.profile}
            kept={facts.profile}
            problem={problemAt('number')}
            onChange={set}
          />
        ) : null}
        {choice.kind === 'incident' || choice.kind === 'access-review' ? null : (
          <ActorFilter
            filtered={choice.filtered}
            actors={choice.actors}
            problem={problemAt('actors')}
            onFiltered={(filtered) => set({ filtered })}
            onActors={(actors) => set({ actors })}
          />
        )}
        <OptionRadios
          legend="Names, titles and justifications"
          className="disclose-options"
          options={DISCLOSURES}
          value={choice.disclose}
          onChange={(disclose) => set({ disclose })}
        />
      </div>
    </div>
  );
}

/** The one that is asked for most comes first. */
const KINDS: readonly Option<ReportKind>[] = (
  ['soc2-type2', ...REPORT_KINDS.filter((kind) => kind !== 'soc2-type2')] as const
).map((value) => ({ value, name: REPORT_TERMS[value].name, text: REPORT_TERMS[value].text }));

const DISCLOSURES: readonly Option<boolean>[] = [
  {
    value: false,
    name: 'Stay sealed',
    text: 'The report shows their commitments. Whoever is given a value can check it against them.',
  },
  {
    value: true,
    name: 'Given in clear',
    text: 'Whoever has the report can read them, for good. Give it only to those who may.',
  },
];
