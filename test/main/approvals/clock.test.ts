import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Desk, MINUTE, openDesk } from './desk.ts';
import { APPROVER } from './people.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
  await desk.propose();
});
afterEach(() => desk.close());

/** @securityTest A clock that is put back gives nobody more time to decide */
it('a clock put back by an hour ends the time to decide', async () => {
  desk.test.clock.time -= 60 * MINUTE;
  await expect(desk.approvals.decide(APPROVER, desk.ask())).rejects.toMatchObject({ reason: 'expired' });
  expect(desk.records('remediation.approved')).toEqual([]);
});

it('time that really passed counts, whatever the clock says', async () => {
  await desk.approvals.expireDue(); // seen
  desk.steady.time += 31 * MINUTE;
  await expect(desk.approvals.decide(APPROVER, desk.ask())).rejects.toMatchObject({ reason: 'expired' });
});

it('a clock put forward by an hour ends it, too', async () => {
  desk.test.clock.time += 60 * MINUTE;
  await expect(desk.approvals.decide(APPROVER, desk.ask())).rejects.toMatchObject({ reason: 'expired' });
});
