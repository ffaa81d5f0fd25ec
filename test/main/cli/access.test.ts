import path from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { COMMAND_ACCESS } from '#main/cli/access.ts';
import { run } from '#main/cli/main.ts';
import { CausewayError } from '#shared/errors.ts';
import { type Channel, CONTRACT } from '#shared/ipc/contract.ts';
import { PROJECT_ROOT } from '../../support/project-root.ts';
import { recordedIo } from '../../support/recorded-io.ts';

type Command = keyof typeof COMMAND_ACCESS;

const seats: unknown[] = [];
/** Nobody gets in: what a command asked for is kept, and it ends there as it does for somebody who may not. */
vi.mock('#main/cli/workspace.ts', async (original) => ({
  ...(await original<typeof import('#main/cli/workspace.ts')>()),
  withSeat: async ({ access }: { readonly access: unknown }) => {
    seats.push(access);
    throw new CausewayError('denied', 'You may not do this.');
  },
}));

const WHY = 'a reason that is long enough';
/** How each command is called that needs somebody to be there, as far as it comes without a workspace. */
const CALLS: Partial<Record<Command, readonly string[]>> = {
  'incident import': ['incident', 'import', path.join(PROJECT_ROOT, 'resources/alarms/eventbridge.json')],
  investigate: ['investigate', 'inc-0001'],
  approve: ['approve', 'rem-0001'],
  'approve --break-glass': ['approve', 'rem-0001', '--break-glass', '--reason', WHY],
  'review decide': ['review', 'decide', 'a'.repeat(64), '--verdict', 'justified'],
  'request save': ['request', 'save', 'rem-0001', '--out', 'a.causeway-request'],
  'request take': ['request', 'take', 'a.causeway-answer'],
  'device register': ['device', 'register', 'a.causeway-device'],
  'device remove': ['device', 'remove', 'dev-1'],
  export: ['export', '--out', 'a.chain.jsonl'],
  acknowledge: ['acknowledge'],
  'keys rotate': ['keys', 'rotate', '--reason', WHY],
  'witness change': ['witness', 'remove', 'somebody'],
  'witness-folder change': ['witness-folder', 'remove', 'somewhere'],
  'people invite': ['people', 'invite', '--email', 'third@test.example', '--role', 'viewer'],
  'people role': ['people', 'role', 'second@test.example', 'owner'],
  'people remove': ['people', 'remove', 'second@test.example'],
  'api-key create': ['api-key', 'create', '--label', 'Mine', '--scope', 'incidents.read', '--days', '1'],
  'api-key revoke': ['api-key', 'revoke', 'key-1'],
  'leases revoke': ['leases', 'revoke', 'lease-1'],
  'policy propose': ['policy', 'propose', 'a.cedar', '--reason', WHY],
  'changes decide': ['changes', 'decide', 'p-1'],
  'secret set': ['secret', 'set', 'pagerduty', 'Routing key'],
  'secret delete': ['secret', 'delete', 'sec-1'],
  'secret rotate': ['secret', 'rotate'],
  'compliance read': ['compliance', 'overview'],
  'compliance change': ['compliance', 'check'],
  'access-review list': ['access-review', 'list'],
  'access-review open': ['access-review', 'open', '--due', '2030-01-01'],
  'access-review decide': ['access-review', 'decide', 'ar-1', 'u-1', 'keep', '--justification', WHY],
  'access-review close': ['access-review', 'close', 'ar-1'],
  'sample draw': ['sample', 'draw', '--number', '4711'],
  'report list': ['report', 'list'],
  'report make': ['report', 'make', 'soc2-type2', '--out', 'a.html'],
  'bundle make': ['bundle', 'make', '--in', 'somewhere', '--report', 'soc2-type2'],
  'notes list': ['notes', 'list'],
  'notes take': ['notes', 'take', 'a.causeway-notes'],
  whoami: ['whoami'],
  'second-factor': ['second-factor'],
  'incident list': ['incident', 'list'],
  'review list': ['review', 'list'],
  'request answer': ['request', 'answer', 'a.causeway-request', '--out', 'a.causeway-answer'],
  'device list': ['device', 'list'],
  'device export': ['device', 'export', '--out', 'a.causeway-device'],
  status: ['status'],
  'keys list': ['keys'],
  'witness read': ['witness', 'list'],
  'witness-folder list': ['witness-folder', 'list'],
  'people list': ['people', 'list'],
  'api-key list': ['api-key', 'list'],
  'leases list': ['leases', 'list'],
  'policy show': ['policy', 'show'],
  'policy preview': ['policy', 'preview', 'a.cedar'],
  'changes list': ['changes', 'list'],
  'changes withdraw': ['changes', 'withdraw', 'p-1'],
  'secret list': ['secret', 'list'],
};

/** What is done by a command and in the window. */
const SAME: readonly (readonly [Command, Channel])[] = [
  ['workspace create', 'access.createWorkspace'],
  ['sign-in', 'access.signIn'],
  ['people accept', 'access.acceptInvitation'],
  ['second-factor', 'account.beginSecondFactor'],
  ['people list', 'people.list'],
  ['people invite', 'people.invite'],
  ['people role', 'people.setRole'],
  ['people remove', 'people.remove'],
  ['api-key list', 'apiKeys.list'],
  ['api-key create', 'apiKeys.create'],
  ['api-key revoke', 'apiKeys.revoke'],
  ['device list', 'devices.list'],
  ['device export', 'devices.exportOwn'],
  ['device register', 'devices.register'],
  ['device remove', 'devices.remove'],
  ['leases list', 'leases.list'],
  ['leases revoke', 'leases.revoke'],
  ['approve', 'approvals.decide'],
  ['approve --break-glass', 'approvals.breakGlass'],
  ['review list', 'approvals.reviews'],
  ['review decide', 'approvals.review'],
  ['request save', 'approvals.saveRequest'],
  ['request take', 'approvals.takeAnswer'],
  ['request answer', 'approvals.answerRequest'],
  ['changes list', 'protections.pending'],
  ['changes decide', 'protections.decide'],
  ['changes withdraw', 'protections.withdraw'],
  ['acknowledge', 'verification.acknowledge'],
  ['keys rotate', 'verification.rotateKey'],
  ['policy show', 'policies.current'],
  ['policy preview', 'policies.preview'],
  ['policy propose', 'policies.propose'],
];

test.each(SAME)('%s needs what %s does', (command, channel) => {
  expect(COMMAND_ACCESS[command]).toBe(CONTRACT[channel].access);
});

describe('a command', () => {
  beforeAll(async () => {
    await import('#main/cli/workspace.ts'); // with everything there is: that takes a moment
  }, 120_000);

  const behindSeats = Object.entries(COMMAND_ACCESS).filter(([, access]) => access !== 'public');

  test('that needs somebody to be there is called here', () => {
    expect(Object.keys(CALLS).sort()).toEqual(behindSeats.map(([name]) => name).sort());
  });

  test.each(Object.entries(CALLS))(
    '%s asks for what the table says, before it asks a person anything',
    async (name, args) => {
      const io = recordedIo(['approve', WHY, 'a password']);
      seats.length = 0;
      expect(await run(args, io), io.err()).toBe(1);
      expect(seats).toEqual([COMMAND_ACCESS[name as Command]]);
      expect(io.asked()).toBe(0);
      expect(io.out()).toBe('');
    },
  );
});
