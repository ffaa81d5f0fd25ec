import { createContext, useContext } from 'react';

/**
 * Somebody who is just being signed in for the first time, with the password they chose: the second factor is offered
 * before the console opens. `begin` goes before the call, whose event may be here sooner than its answer.
 */
export interface Arrival {
  readonly begin: (password: string) => void;
  readonly fail: () => void;
}

export const ArrivalContext = createContext<Arrival>({ begin: () => undefined, fail: () => undefined });

/** Wraps the call that makes an account: announced before it, taken back when it fails. */
export function useArrive(): <T>(password: string, enter: () => Promise<T>) => Promise<T> {
  const arrival = useContext(ArrivalContext);
  return async (password, enter) => {
    arrival.begin(password);
    try {
      return await enter();
    } catch (error) {
      arrival.fail();
      throw error;
    }
  };
}
