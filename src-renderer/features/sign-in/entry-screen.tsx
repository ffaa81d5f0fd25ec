import { useState } from 'react';
import { useAccess } from '../../bridge/access-provider.tsx';
import { FirstRunScreen } from '../first-run/first-run-screen.tsx';
import { ChooseScreen } from './choose-screen.tsx';
import { SignInScreen } from './sign-in-screen.tsx';

/** What is shown while nobody is signed in: the stage's screen, and the way to another workspace. */
export function EntryScreen() {
  const { stage, workspaces } = useAccess().state;
  const [elsewhere, setElsewhere] = useState<'choose' | 'create' | null>(null);
  if (stage === 'first-run') return <FirstRunScreen />;
  if (elsewhere === 'create') {
    return (
      <FirstRunScreen onBack={() => setElsewhere(stage === 'sign-in' && workspaces.length < 2 ? null : 'choose')} />
    );
  }
  if (stage === 'choose' || elsewhere === 'choose') {
    return <ChooseScreen onChosen={() => setElsewhere(null)} onCreate={() => setElsewhere('create')} />;
  }
  return <SignInScreen onElsewhere={() => setElsewhere(workspaces.length < 2 ? 'create' : 'choose')} />;
}
