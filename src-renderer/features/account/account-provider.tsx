import { type ReactNode, useState } from 'react';
import { useAccess } from '../../bridge/access-provider.tsx';
import { call } from '../../bridge/call.ts';
import { toUiError } from '../../bridge/ui-error.ts';
import { useCommands } from '../../commands/command-context.tsx';
import { useToasts } from '../../components/toasts.tsx';
import { ChangePasswordDialog } from './change-password-dialog.tsx';
import { RecoveryCodesDialog } from './recovery-codes-dialog.tsx';
import { SecondFactorDialog } from './second-factor-dialog.tsx';
import { SignOutEverywhereDialog } from './sign-out-dialog.tsx';

type AccountDialog = 'password' | 'second-factor' | 'recovery-codes' | 'sign-out-everywhere';

/** The own account from everywhere: its dialogs, and locking and leaving as commands. */
export function AccountProvider({ children }: { readonly children: ReactNode }) {
  const { state, accept } = useAccess();
  const toasts = useToasts();
  const [dialog, setDialog] = useState<AccountDialog | null>(null);
  const close = () => setDialog(null);
  const hasSecondFactor = state.person?.secondFactor === true;

  const leave = (channel: 'access.lock' | 'access.signOut') => {
    const asked = channel === 'access.lock' ? call(channel, {}) : call(channel, { everywhere: false });
    asked.then(accept, (error: unknown) => toasts.say(toUiError(error).message, 'bad'));
  };
  useCommands([
    {
      id: 'account.lock',
      title: 'Lock',
      group: 'Account',
      shortcut: 'mod+l',
      keywords: 'screen away',
      always: true,
      run: () => leave('access.lock'),
    },
    {
      id: 'account.password',
      title: 'Change password…',
      group: 'Account',
      run: () => setDialog('password'),
    },
    {
      id: 'account.secondFactor',
      title: hasSecondFactor ? 'Replace authenticator…' : 'Set up a second factor…',
      group: 'Account',
      keywords: 'totp authenticator code second factor',
      run: () => setDialog('second-factor'),
    },
    ...(hasSecondFactor
      ? [
          {
            id: 'account.recoveryCodes',
            title: 'Recovery codes…',
            group: 'Account',
            run: () => setDialog('recovery-codes'),
          },
        ]
      : []),
    {
      id: 'account.signOut',
      title: 'Sign out',
      group: 'Account',
      keywords: 'log out',
      run: () => leave('access.signOut'),
    },
    {
      id: 'account.signOutEverywhere',
      title: 'Sign out everywhere…',
      group: 'Account',
      keywords: 'log out sessions',
      run: () => setDialog('sign-out-everywhere'),
    },
  ]);

  return (
    <>
      {children}
      {dialog === 'password' ? <ChangePasswordDialog onClose={close} /> : null}
      {dialog === 'second-factor' ? <SecondFactorDialog onClose={close} /> : null}
      {dialog === 'recovery-codes' ? <RecoveryCodesDialog onClose={close} /> : null}
      {dialog === 'sign-out-everywhere' ? <SignOutEverywhereDialog onClose={close} /> : null}
    </>
  );
}
