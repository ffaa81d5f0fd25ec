import { expect, test } from 'vitest';
import { COMMAND_ACCESS } from '#main/cli/access.ts';
import { type Channel, CONTRACT } from '#shared/ipc/contract.ts';

/** What is done by a command and in the window. */
const SAME: readonly (readonly [keyof typeof COMMAND_ACCESS, Channel])[] = [
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
