import { randomUUID } from 'node:crypto';
import type { Station } from '#main/console/station.ts';
import type { Console } from '#main/console.ts';
import type { Reauthentication } from '#shared/model/access.ts';

/** Two plainly made-up people: one investigates, the other decides. */
export interface DemoPeople {
  readonly operator: Console;
  readonly approver: Console;
  /** The approver's, for the moment of the decision. */
  readonly reauthentication: Reauthentication;
  /** Nobody decides: what waits is denied, on record. */
  nobody(): Promise<void>;
}

/** Makes the demonstration's workspace with its people, each with a password nobody knows. */
export async function signInDemoPeople(station: Station): Promise<DemoPeople> {
  const workspace = await station.create('Demonstration');
  const { identity } = workspace;
  const password = randomUUID();
  const owner = await identity.createOwner({
    name: 'Demo operator',
    email: 'operator@demo.example',
    password: randomUUID(),
  });
  const email = 'approver@demo.example';
  const { code } = await identity.invite(owner.principal, { email, role: 'operator' });
  const approver = await identity.acceptInvitation({ code, name: 'Demo approver', password });
  return {
    operator: workspace.as(owner.principal),
    approver: workspace.as(approver.principal),
    reauthentication: { method: 'password', password },
    nobody: () => workspace.denyPending('shutdown'),
  };
}
