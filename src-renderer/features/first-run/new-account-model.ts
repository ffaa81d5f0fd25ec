import { Email, PersonName, SHORTEST_PASSWORD, WorkspaceSummary } from '#shared/model/access.ts';
import { countCharacters } from './password-length.ts';

/** What somebody types who comes to a workspace for the first time. */
export interface NewAccount {
  readonly title: string;
  readonly code: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly again: string;
}
export type AccountField = keyof NewAccount;
export type AccountProblems = Partial<Record<AccountField, string>>;

export const EMPTY_ACCOUNT: NewAccount = { title: '', code: '', name: '', email: '', password: '', again: '' };
const LONGEST_PASSWORD = 256;

/** What cannot be taken yet of the fields that are asked for, each with what to do. Empty when all of it can. */
export function judgeAccount(account: NewAccount, asked: readonly AccountField[]): AccountProblems {
  const problems: AccountProblems = {};
  for (const field of asked) {
    const problem = judgeField(field, account);
    if (problem !== null) problems[field] = problem;
  }
  return problems;
}

function judgeField(field: AccountField, account: NewAccount): string | null {
  const text = account[field].trim();
  switch (field) {
    case 'title':
      if (text === '') return 'The workspace needs a name.';
      return WorkspaceSummary.shape.title.safeParse(text).success ? null : 'A name has 100 characters at most.';
    case 'code':
      if (text === '') return 'The code of your invitation is missing.';
      return text.length <= 64 ? null : 'This is longer than the code of an invitation.';
    case 'name':
      if (text === '') return 'Your name is missing. Others see it beside what you decide.';
      return PersonName.safeParse(text).success ? null : 'A name has 100 characters at most.';
    case 'email':
      if (text === '') return 'Your e-mail address is missing.';
      return Email.safeParse(text).success ? null : 'This is not an e-mail address, such as name@example.org.';
    case 'password':
      return judgePassword(account.password);
    case 'again':
      if (account.again === '') return 'Type the password a second time.';
      return account.again === account.password ? null : 'The two passwords differ.';
  }
}

/** Why a new password cannot be taken, or null. */
export function judgePassword(password: string): string | null {
  const length = countCharacters(password);
  if (password.length > LONGEST_PASSWORD) return `A password has ${LONGEST_PASSWORD} characters at most.`;
  if (length >= SHORTEST_PASSWORD) return null;
  return length === 0
    ? 'A password is missing.'
    : `${SHORTEST_PASSWORD - length} more ${SHORTEST_PASSWORD - length === 1 ? 'character' : 'characters'} needed: at least ${SHORTEST_PASSWORD}.`;
}
