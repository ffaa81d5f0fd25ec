import type { ControlDefinition } from '#main/compliance/controls/control-definition.ts';
import { CONTROLS } from '#main/compliance/controls/controls.ts';
import type { Register } from '#main/compliance/register/changes.ts';
import type { Frequency } from '#shared/model/control.ts';
import { type Act, DAY, HOUR, MINUTE, timeOf } from './happening.ts';
import { by } from './register.ts';
import type { Stage } from './stage.ts';

const PREMISES = 'PE-01';
const REVIEWS = 'AR-01';
/** Done twice, and then forgotten. */
const FORGOTTEN = 'SI-03';
/** Nobody has begun with it. */
const NOT_BEGUN = 'PT-05';
const APART_DAYS: Readonly<Record<Frequency, number>> = {
  event: 365,
  daily: 1,
  weekly: 7,
  monthly: 29,
  quarterly: 90,
  semiannual: 180,
  annual: 360,
};

/** What people decide about the register and do for it in the course of the year. */
export function registerSteps(stage: Stage, register: Register): readonly Act[] {
  const { cast, from } = stage;
  const at = (days: number) => from + days * DAY + 3 * HOUR;
  const organizational = CONTROLS.filter(({ kind }) => kind === 'organizational');
  const owner = by(cast, cast.owner);
  return [
    {
      at: at(6),
      act: async () => {
        await register.setPlan(owner, { start: timeOf(at(7)), weeks: 12 });
      },
    },
    ...organizational
      .filter(({ id }) => id !== NOT_BEGUN)
      .map(
        ({ id }, index): Act => ({
          at: at(8) + index * 2 * MINUTE,
          act: async () => {
            await register.update(owner, id, { kind: 'owner', owner: responsible(stage, index).id });
          },
        }),
      ),
    {
      at: at(9),
      act: async () => {
        const justification = 'Synthetic: the example has no premises; everybody works from home.';
        await register.update(owner, PREMISES, { kind: 'not-applicable', justification });
      },
    },
    ...organizational.flatMap((control, index) => performances(stage, register, control, index)),
  ];
}

function responsible({ cast }: Stage, index: number) {
  return index % 3 === 0 ? cast.owner : cast.admin;
}

function performances(stage: Stage, register: Register, control: ControlDefinition, index: number): readonly Act[] {
  const { cast, from, to } = stage;
  const { id, name, frequency } = control;
  if (id === PREMISES || id === REVIEWS || id === NOT_BEGUN) return [];
  const player = responsible(stage, index);
  const steps: Act[] = [];
  for (let day = 14 + index * 3; from + day * DAY < to - DAY; day += APART_DAYS[frequency]) {
    if (id === FORGOTTEN && steps.length === 2) break;
    const at = from + day * DAY + 9 * HOUR + index * 11 * MINUTE;
    const on = timeOf(at - 20 * HOUR);
    const text = `Synthetic record of "${name}", ${on.slice(0, 10)}.\n\nThis file is part of an example. Nothing in it happened.\n`;
    const attachment = {
      name: `example-${id.toLowerCase()}-${on.slice(0, 10)}.txt`,
      mediaType: 'text/plain',
      content: Buffer.from(text, 'utf8'),
    };
    const note = `Synthetic: "${name}" was done as planned, with everybody who had to be there.`;
    steps.push({
      at,
      act: async () => {
        await register.perform(by(cast, player), id, { on, note, attachments: [attachment] });
      },
    });
  }
  return steps;
}
