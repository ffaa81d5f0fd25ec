import type { DECISION_CHANNELS } from '#shared/ipc/decision-channels.ts';
import type { FileDialogs } from './file-dialogs.ts';
import type { Handlers } from './ipc-handlers.ts';

type DecisionHandlers = Pick<Handlers, keyof typeof DECISION_CHANNELS>;

/** Decisions on plans, in the dialog and by file, and on changes of what protects the trail. */
export function createDecisionHandlers(dialogs: FileDialogs, today: () => string): DecisionHandlers {
  return {
    'approvals.pending': (_input, { console }) => [...console.pendingApprovals()],
    'approvals.decide': (decision, { console }) => console.decide({ ...decision, channel: 'dialog' }),
    'approvals.breakGlass': (asked, { console }) => console.breakGlass({ ...asked, channel: 'dialog' }),
    'approvals.reviews': (_input, { console }) => [...console.reviews()],
    'approvals.review': async (review, { console }) => [...(await console.review(review))],
    'approvals.saveRequest': async (plan, caller) => {
      const file = await dialogs.saveDecisionFile(`${plan.remediation}-${today()}.causeway-request`, 'request');
      if (file === null) return { cancelled: true };
      await (await caller.again()).console.files.saveRequest(file, plan);
      return { cancelled: false, value: { file } };
    },
    'approvals.takeAnswer': async (_input, caller) => {
      const file = await dialogs.chooseDecisionFile('answer');
      if (file === null) return { cancelled: true };
      return { cancelled: false, value: await (await caller.again()).console.files.takeAnswer(file) };
    },
    'approvals.openRequest': async (_input, caller) => {
      const file = await dialogs.chooseDecisionFile('request');
      if (file === null) return { cancelled: true };
      return { cancelled: false, value: await (await caller.again()).console.files.openRequest(file) };
    },
    'approvals.answerRequest': async (answer, caller) => {
      const file = await dialogs.saveDecisionFile(`${today()}.causeway-answer`, 'answer');
      if (file === null) return { cancelled: true };
      await (await caller.again()).console.files.answerRequest(file, answer);
      return { cancelled: false, value: { file } };
    },
    'protections.pending': (_input, { console }) => [...console.protections.pending()],
    'protections.decide': (decision, { console }) => console.protections.decide(decision),
    'protections.withdraw': async ({ request }, { console }) => {
      await console.protections.withdraw(request);
      return {};
    },
    'verification.acknowledge': ({ justification, breaks, reauthentication }, { console }) =>
      console.history.acknowledge(justification, reauthentication, breaks),
    'verification.rotateKey': ({ justification, reauthentication }, { console }) =>
      console.signingKeys.rotate({ kind: 'keychain' }, justification, reauthentication),
    'policies.current': (_input, { console }) => console.policies.current(),
    'policies.text': ({ version }, { console }) => ({ text: console.policies.text(version) }),
    'policies.preview': ({ text }, { console }) => console.policies.preview(text),
    'policies.propose': ({ text, justification, reauthentication }, { console }) =>
      console.policies.propose(text, justification, reauthentication),
  };
}
