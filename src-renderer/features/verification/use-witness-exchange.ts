import { useState } from 'react';
import type {
  AddCosignatureResult,
  CosignResult,
  KnownWitness,
  WitnessRequestMade,
} from '#shared/ipc/verification-views.ts';
import { call } from '../../bridge/call.ts';
import { type Action, useAction } from '../../bridge/use-action.ts';

/** What a person has to compare before this console signs for a chain, or believes a witness. */
export type TrustAsked =
  | { readonly of: 'chain'; readonly chain: NonNullable<CosignResult['needsTrust']> }
  | { readonly of: 'witness'; readonly witness: NonNullable<AddCosignatureResult['needsTrust']> };

/** What an exchange came to, shown until it is dismissed. */
export type Exchanged =
  | { readonly kind: 'request'; readonly made: WitnessRequestMade }
  | { readonly kind: 'cosigned'; readonly made: Extract<CosignResult, { needsTrust: null }> }
  | { readonly kind: 'added'; readonly made: Extract<AddCosignatureResult, { needsTrust: null }> };

export interface WitnessExchange {
  readonly request: Action<readonly [witness?: string]>;
  readonly cosign: Action<readonly []>;
  readonly add: Action<readonly []>;
  /** The answer to `asked`: the second call, with the key that was compared. */
  readonly trust: Action<readonly []>;
  readonly remove: Action<readonly [name: string]>;
  readonly showKey: Action<readonly []>;
  readonly asked: TrustAsked | null;
  readonly result: Exchanged | null;
  readonly removing: KnownWitness | null;
  readonly ownKey: string | null;
  readonly forget: () => void;
  readonly dismiss: () => void;
  readonly askRemoval: (witness: KnownWitness | null) => void;
}

/** The exchange of files with witnesses. Every key that is new is asked about before anything is done with it. */
export function useWitnessExchange(onChange: () => void): WitnessExchange {
  const [asked, setAsked] = useState<TrustAsked | null>(null);
  const [result, setResult] = useState<Exchanged | null>(null);
  const [removing, setRemoving] = useState<KnownWitness | null>(null);
  const [ownKey, setOwnKey] = useState<string | null>(null);

  const takeCosigned = (value: CosignResult) => {
    if (value.needsTrust !== null) return setAsked({ of: 'chain', chain: value.needsTrust });
    setAsked(null);
    setOwnKey(value.vkey);
    setResult({ kind: 'cosigned', made: value });
  };
  const takeAdded = (value: AddCosignatureResult) => {
    if (value.needsTrust !== null) return setAsked({ of: 'witness', witness: value.needsTrust });
    setAsked(null);
    setResult({ kind: 'added', made: value });
    onChange();
  };
  const request = useAction(async (witness?: string) => {
    setResult(null);
    const answer = await call('witness.request', witness === undefined ? {} : { for: witness });
    if (answer.cancelled) return;
    setResult({ kind: 'request', made: answer.value });
    onChange();
  });
  const cosign = useAction(async () => {
    setResult(null);
    const answer = await call('witness.cosign', {});
    if (!answer.cancelled) takeCosigned(answer.value);
  });
  const add = useAction(async () => {
    setResult(null);
    const answer = await call('witness.add', {});
    if (!answer.cancelled) takeAdded(answer.value);
  });
  const trust = useAction(async () => {
    if (asked === null) return;
    if (asked.of === 'chain') {
      const answer = await call('witness.cosign', { trust: asked.chain.keyId });
      if (answer.cancelled) setAsked(null);
      else takeCosigned(answer.value);
    } else {
      const answer = await call('witness.add', { trust: asked.witness.vkey });
      if (answer.cancelled) setAsked(null);
      else takeAdded(answer.value);
    }
  });
  const remove = useAction(async (name: string) => {
    await call('witness.remove', { name });
    setRemoving(null);
    onChange();
  });
  const showKey = useAction(async () => setOwnKey((await call('witness.key', {})).vkey));

  return {
    request,
    cosign,
    add,
    trust,
    remove,
    showKey,
    asked,
    result,
    removing,
    ownKey,
    forget: () => {
      setAsked(null);
      trust.clear();
    },
    dismiss: () => setResult(null),
    askRemoval: (witness) => {
      setRemoving(witness);
      remove.clear();
    },
  };
}
