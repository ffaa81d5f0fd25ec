import { useState } from 'react';
import type { BundleView } from '#shared/ipc/compliance-views.ts';
import { useAccess } from '../../bridge/access-provider.tsx';
import { AuditorScreen } from '../compliance/auditor/auditor-screen.tsx';
import { FirstRunScreen } from '../first-run/first-run-screen.tsx';
import { useExample } from '../first-run/use-example.ts';
import { ChooseScreen } from './choose-screen.tsx';
import { SignInScreen } from './sign-in-screen.tsx';

/** What is shown while nobody is signed in: the stage's screen, the way to another workspace, a bundle for an auditor. */
export function EntryScreen() {
  const { stage, workspaces, workspace } = useAccess().state;
  const [elsewhere, setElsewhere] = useState<'choose' | 'create' | null>(null);
  const [bundle, setBundle] = useState<BundleView | null>(null);
  const example = useExample();
  const made = example.made;
  if (bundle !== null) return <AuditorScreen bundle={bundle} onLeave={() => setBundle(null)} />;
  // Loading the example opens its workspace, which changes the stage: what it came to is shown before that.
  if (stage === 'first-run' || example.load.busy || example.telling) {
    const shown = {
      ...example,
      goOn: () => {
        setElsewhere(null);
        example.goOn();
      },
    };
    return <FirstRunScreen example={shown} onBundle={setBundle} />;
  }
  if (elsewhere === 'create') {
    return (
      <FirstRunScreen
        example={example}
        onBundle={setBundle}
        onBack={() => setElsewhere(stage === 'sign-in' && workspaces.length < 2 ? null : 'choose')}
      />
    );
  }
  if (stage === 'choose' || elsewhere === 'choose') {
    return <ChooseScreen onChosen={() => setElsewhere(null)} onCreate={() => setElsewhere('create')} />;
  }
  return (
    <SignInScreen
      key={made?.tenant ?? ''}
      example={made !== null && made.tenant === workspace?.tenant ? made : null}
      onBundle={setBundle}
      onElsewhere={() => setElsewhere(workspaces.length < 2 ? 'create' : 'choose')}
    />
  );
}
