import type { Register } from '#main/compliance/register/changes.ts';
import type { Identity } from '#main/identity/identity.ts';
import type { ReviewDecision } from '#shared/model/control.ts';
import { type Act, DAY, HOUR, MINUTE, timeOf } from './happening.ts';
import { by } from './register.ts';
import type { Stage } from './stage.ts';

/** Who has access at the moment it is asked, and which human is behind it. */
export type Accounts = Pick<Identity, 'people' | 'apiKeys' | 'humanBehind'>;

interface Terms {
  /** Days of the year. */
  readonly opened: number;
  readonly due: number;
  readonly decided: number;
  /** null: still open. */
  readonly closed: number | null;
  /** How many are not decided on yet. */
  readonly left: number;
}

/** One is decided and closed late; the last one is still open. */
const CAMPAIGNS: readonly Terms[] = [
  { opened: 20, due: 34, decided: 23, closed: 25, left: 0 },
  { opened: 110, due: 124, decided: 116, closed: 118, left: 0 },
  { opened: 205, due: 219, decided: 222, closed: 223, left: 0 },
  { opened: 296, due: 310, decided: 300, closed: 305, left: 0 },
  { opened: 358, due: 375, decided: 360, closed: null, left: 2 },
];

/**
 * Everybody's access is looked at each quarter, that of API keys as well, by somebody else: the owner decides on the others,
 * the admin on the owner and the keys of the owner.
 */
export function accessReviews(stage: Stage, register: Register, accounts: Accounts): readonly Act[] {
  return CAMPAIGNS.flatMap((terms) => campaign(stage, register, accounts, terms));
}

function campaign({ cast, from }: Stage, register: Register, accounts: Accounts, terms: Terms): readonly Act[] {
  const at = (day: number) => from + day * DAY + 5 * HOUR;
  const [owner, admin] = [by(cast, cast.owner), by(cast, cast.admin)];
  const staying = [cast.owner, cast.admin, cast.operator, cast.viewer].map((player) => player.id);
  let id = '';
  const open: Act = {
    at: at(terms.opened),
    act: async () => {
      const opened = await register.openReview(admin, { due: timeOf(at(terms.due)), subjects: withAccess(accounts) });
      id = opened.campaign;
    },
  };
  const decide: Act = {
    at: at(terms.decided) + 9 * MINUTE,
    act: async () => {
      const campaignNow = register.state().campaigns.find((one) => one.id === id);
      const subjects = campaignNow?.subjects ?? [];
      for (const subject of subjects.slice(0, subjects.length - terms.left)) {
        const key = subject.role === KEY;
        const others = !key && !staying.includes(subject.id);
        const decision: ReviewDecision = others ? 'change' : 'keep';
        const ofOwner = accounts.humanBehind(subject.id) === cast.owner.id;
        const fits = key ? 'Synthetic: the key does what it was made for.' : 'Synthetic: the role fits the work.';
        await register.decideReview(ofOwner ? admin : owner, {
          campaign: id,
          subject: subject.id,
          decision,
          note: others ? 'Synthetic: reading is enough from here on.' : fits,
          humanOf: accounts.humanBehind,
        });
      }
    },
  };
  const close: Act[] =
    terms.closed === null
      ? []
      : [
          {
            at: at(terms.closed) + HOUR,
            act: async () => {
              await register.closeReview(admin, id);
            },
          },
        ];
  return [open, decide, ...close];
}

const KEY = 'api-key';

/** As the console freezes them: people as they are, and the keys that act for them. */
function withAccess({ people, apiKeys }: Accounts): readonly { readonly id: string; readonly role: string }[] {
  const keys = apiKeys().filter(({ revokedAt }) => revokedAt === null);
  return [...people().map(({ id, role }) => ({ id, role })), ...keys.map(({ id }) => ({ id, role: KEY }))];
}
