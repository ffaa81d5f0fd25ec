import { CONTROLS } from '#main/compliance/controls/controls.ts';
import type { Register } from '#main/compliance/register/changes.ts';
import type { CheckResult } from '#shared/model/control.ts';
import { system } from './cast.ts';
import { daysBetween, isWorkday } from './days.ts';
import { type Act, type Happening, HOUR, MINUTE, of, type Step } from './happening.ts';
import type { Stage } from './stage.ts';

interface Found {
  readonly result: CheckResult;
  readonly detail: string;
}
const HOLDS: Found = { result: 'holds', detail: 'Synthetic: tried, and it held.' };

/** What the console finds out about itself: its controls on working days, its store whenever it is opened. */
export function selfCheckSteps(stage: Stage, register: Register): readonly Step[] {
  return [...selfChecks(stage, register), ...selfAttacks(stage)];
}

function selfChecks(stage: Stage, register: Register): readonly Act[] {
  const controls = CONTROLS.filter(({ selfCheck }) => selfCheck).map(({ id }) => id);
  return daysBetween(stage.from, stage.to)
    .filter(isWorkday)
    .map(
      ({ midnight, index }): Act => ({
        at: midnight + 7 * HOUR + 30 * MINUTE,
        act: async () => {
          await register.recordSelfChecks(
            controls.map((control) => ({ control, ...found(control, index), digest: stage.content.digest() })),
          );
        },
      }),
    );
}

/** What was found about a control on this day of the year: some were put in place in the course of it. */
function found(control: string, day: number): Found {
  switch (control) {
    case 'SC-04':
      return { result: 'absent', detail: 'Synthetic: the example has no web interface that other origins could call.' };
    case 'SC-05':
      return day < 210
        ? { result: 'absent', detail: 'Synthetic: no webhook was taken in yet.' }
        : { result: 'partial', detail: 'Synthetic: signatures are checked; the window of time is not yet.' };
    case 'PT-03':
      return day < 70 ? { result: 'absent', detail: 'Synthetic: erasure was not there yet.' } : HOLDS;
    case 'SC-01':
      return day < 45
        ? { result: 'partial', detail: 'Synthetic: two of five secrets are under the wrapping key.' }
        : HOLDS;
    case 'SI-01':
      return day >= 133 && day < 136
        ? { result: 'fails', detail: 'Synthetic: an input of the wrong shape was not refused.' }
        : HOLDS;
    default:
      return HOLDS;
  }
}

/** The store attacks a copy of itself whenever it is opened. */
function selfAttacks({ from, to, content }: Stage): readonly Happening[] {
  return daysBetween(from, to)
    .filter(({ weekday }) => weekday === 1)
    .map(
      ({ midnight, index }): Happening => ({
        at: midnight + 7 * HOUR,
        input: of<'tenant.control_updated'>({
          action: 'tenant.control_updated',
          outcome: 'success',
          actor: system('causeway'),
          target: { type: 'control', id: 'audit-store-append-only' },
          data: {
            framework: 'console',
            control: 'audit-store-append-only',
            oldStatus: index < 7 ? null : 'in-place',
            newStatus: 'in-place',
            owner: null,
            evidence: [content.digest()],
          },
        }),
      }),
    );
}
