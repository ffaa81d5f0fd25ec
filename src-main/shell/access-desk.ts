import type { ExampleLoading, ExampleYear, Station } from '#main/console/station.ts';
import type { Console, Workspace } from '#main/console.ts';
import type { SignedIn } from '#main/identity/identity.ts';
import { readNewPerson } from '#main/identity/new-person.ts';
import type { Principal } from '#main/identity/principal.ts';
import { CausewayError } from '#shared/errors.ts';
import type { AccessState } from '#shared/ipc/access-views.ts';
import type { Channel, ChannelInput, ChannelOutput, ConsoleEvent } from '#shared/ipc/contract.ts';
import type { Access } from '#shared/model/access.ts';

/** How often it is looked whether the session still holds, milliseconds. */
const LOOK_EVERY = 5_000;

/** Whose call it is, after the session's token was checked. */
export interface Caller {
  readonly workspace: Workspace;
  readonly principal: Principal;
  /** The console as this person uses it. */
  readonly console: Console;
  /**
   * Admitted anew, as the same session: a system dialog may stand open for as long as it likes, and the session end,
   * lock or lose its rights meanwhile.
   */
  again(): Promise<Caller>;
}

type Flow = (typeof FLOWS)[number];
const FLOWS = [
  'access.state',
  'access.createWorkspace',
  'access.createOwner',
  'access.chooseWorkspace',
  'access.signIn',
  'access.acceptInvitation',
  'access.lock',
  'access.unlock',
  'access.signOut',
] as const satisfies readonly Channel[];

/**
 * The window's place at the station: which workspace is open, and who is signed in. The session's token stays here; the
 * page never has it, and it is checked anew at every call.
 */
export interface AccessDesk {
  readonly flows: {
    readonly [C in Flow]: (input: ChannelInput<C>) => Promise<ChannelOutput<C>>;
  };
  /**
   * Who calls, when they may.
   * @throws CausewayError `sign-in-required` with why, `denied`
   */
  admit(access: Exclude<Access, 'public'>): Promise<Caller>;
  /** The person did something: the idle time starts anew. */
  stayAwake(): Promise<void>;
  /** The workspace that is open, whoever is signed in; null at the first run. */
  workspace(): Workspace | null;
  /**
   * Events of the open workspace. The page is sent them only while somebody is signed in and the window is not locked
   * (`signed-in`); what the desktop shows does not wait for that.
   */
  subscribe(when: 'signed-in' | 'always', listener: (event: ConsoleEvent) => void): () => void;
  /**
   * The example workspace, made when it is not there yet, and opened. Whoever was signed in is signed out.
   * @throws CausewayError as the station's
   */
  loadExample(options: Pick<ExampleLoading, 'signal' | 'onProgress'>): Promise<ExampleYear>;
  /** Ends the session, on record. */
  close(): Promise<void>;
}

export interface AccessDeskOptions {
  readonly station: Station;
  readonly onError: (error: unknown) => void;
}

export function createAccessDesk({ station, onError }: AccessDeskOptions): AccessDesk {
  const listeners = new Map<(event: ConsoleEvent) => void, 'signed-in' | 'always'>();
  let token: string | null = null;
  let open = false;
  let entering: Promise<unknown> = Promise.resolve();
  let following: { readonly workspace: Workspace; readonly stop: () => void } | null = null;

  const tell = (event: ConsoleEvent) => {
    const forPage = open || event.type === 'access';
    for (const [listener, when] of listeners) if (forPage || when === 'always') listener(event);
  };

  /** Passes the open workspace's events on. */
  function follow(workspace: Workspace | null): void {
    if (following?.workspace === workspace) return;
    following?.stop();
    following =
      workspace === null
        ? null
        : {
            workspace,
            stop: workspace.subscribe((event) => {
              // it may be this session that ended: then nothing more is sent to the page from when it is told
              if (event.type === 'access') void holds().then(() => tell(event));
              else tell(event);
            }),
          };
  }

  function demandWorkspace(): Workspace {
    const workspace = station.current();
    if (workspace !== null) return workspace;
    throw new CausewayError('sign-in-required', 'No workspace is open. Choose one, or make the first.', {
      reason: 'no-workspace',
    });
  }

  async function principalNow(options?: {
    readonly evenLocked?: boolean;
    readonly touch?: boolean;
  }): Promise<Principal> {
    const { identity } = demandWorkspace();
    if (token === null) {
      throw new CausewayError('sign-in-required', 'Nobody is signed in. Sign in to go on.', { reason: 'no-session' });
    }
    try {
      return await identity.verifyToken(token, options);
    } catch (error) {
      open = false; // nothing more is sent to the page before it was looked who is there
      throw error;
    }
  }

  /** Null when nobody is signed in, or the session has ended. */
  async function whoIsThere(): Promise<{ readonly principal: Principal; readonly locked: boolean } | null> {
    if (token === null || station.current() === null) return null;
    try {
      return { principal: await principalNow(), locked: false };
    } catch (error) {
      if (!(error instanceof CausewayError) || error.code !== 'sign-in-required') throw error;
      if (error.reason !== 'locked') {
        token = null;
        return null;
      }
    }
    return { principal: await principalNow({ evenLocked: true }), locked: true };
  }

  async function admit(access: Exclude<Access, 'public'>): Promise<Caller> {
    const workspace = demandWorkspace();
    const principal = await principalNow();
    if (access !== 'signed-in') await workspace.permissions.demand(principal, access);
    if (station.current() !== workspace) throw moved();
    return {
      workspace,
      principal,
      console: workspace.as(principal),
      again: async () => {
        const now = await admit(access);
        if (now.workspace !== workspace || now.principal.session !== principal.session) throw moved();
        return now;
      },
    };
  }

  async function state(): Promise<AccessState> {
    const workspaces = [...(await station.list())];
    const workspace = station.current();
    follow(workspace);
    const there = await whoIsThere();
    open = there !== null && !there.locked;
    const base = {
      workspaces,
      workspace: workspaces.find(({ tenant }) => tenant === workspace?.tenant) ?? null,
      needsOwner: workspace !== null && !workspace.identity.hasPeople(),
      person: null,
      permissions: [],
      idleLockMs: workspace?.idleLockMs ?? 0,
      keychain: station.keychain,
    };
    if (workspace === null) return { ...base, stage: workspaces.length === 0 ? 'first-run' : 'choose' };
    if (there === null) return { ...base, stage: 'sign-in' };
    const person = workspace.identity.self(there.principal);
    if (there.locked) return { ...base, stage: 'locked', person };
    const permissions = [...workspace.permissions.allowed(there.principal.role)];
    return { ...base, stage: 'open', person, permissions };
  }

  /** The state with nobody half in: asked while one person takes another's place, it is the one after that. */
  async function settledState(): Promise<AccessState> {
    for (;;) {
      const before = entering;
      await before;
      const now = await state();
      if (before === entering) return now;
    }
  }

  async function changed(): Promise<AccessState> {
    const now = await state();
    tell({ type: 'access' });
    return now;
  }

  /** Whoever was there is signed out first. */
  function enter(signedIn: SignedIn): Promise<AccessState> {
    const done = leave().then(() => {
      token = signedIn.token;
      return changed();
    });
    entering = done.catch(() => {});
    return done;
  }

  /** Whoever was signed in before is signed out. */
  async function leave(everywhere = false): Promise<void> {
    const workspace = station.current();
    if (token === null || workspace === null) return;
    const { identity } = workspace;
    const old = token;
    const unlocked = open; // at a locked window nobody has shown who they are: this session alone can be ended there
    token = null;
    open = false;
    try {
      await identity.signOut(await identity.verifyToken(old, { evenLocked: true }), everywhere && unlocked);
    } catch (error) {
      if (!(error instanceof CausewayError) || error.code !== 'sign-in-required') throw error;
    }
  }

  /** Whether the session of the window still does; true where there is none. */
  async function holds(): Promise<boolean> {
    if (!open) return true;
    return principalNow().then(
      () => true,
      () => false,
    );
  }
  /** When it does not, the page is told to ask. */
  const look = () => void holds().then((still) => still || tell({ type: 'access' }));
  const looking = setInterval(look, LOOK_EVERY).unref();

  follow(station.current());

  return {
    flows: {
      'access.state': () => settledState(),
      'access.createWorkspace': async ({ title, ...person }) => {
        readNewPerson(person); // a password that is refused must not leave a workspace nobody owns
        await leave();
        const workspace = await station.create(title);
        return enter(await workspace.identity.createOwner(person));
      },
      'access.createOwner': async (person) => enter(await demandWorkspace().identity.createOwner(person)),
      'access.chooseWorkspace': async ({ tenant }) => {
        const known = (await station.list()).some((one) => one.tenant === tenant);
        if (known && station.current()?.tenant !== tenant) await leave();
        await station.open(tenant);
        return changed();
      },
      'access.signIn': async ({ email, password, code }) => {
        const result = await demandWorkspace().identity.signIn({
          email,
          password,
          ...(code === undefined ? {} : { code }),
        });
        return result.step === 'done' ? { step: 'done', state: await enter(result) } : { step: 'second-factor' };
      },
      'access.acceptInvitation': async (accepted) => enter(await demandWorkspace().identity.acceptInvitation(accepted)),
      'access.lock': async () => {
        await demandWorkspace().identity.lock(await principalNow());
        return changed();
      },
      'access.unlock': async ({ password }) => {
        if (token === null) throw new CausewayError('sign-in-required', 'The session is over. Sign in again.');
        await demandWorkspace().identity.unlock(token, password);
        return changed();
      },
      'access.signOut': async ({ everywhere }) => {
        await leave(everywhere);
        return changed();
      },
    },
    admit,
    stayAwake: async () => {
      await principalNow({ touch: true });
    },
    workspace: () => station.current(),
    subscribe: (when, listener) => {
      listeners.set(listener, when);
      return () => listeners.delete(listener);
    },
    loadExample: async (options) => {
      await leave();
      try {
        return await station.loadExample(options);
      } finally {
        await changed(); // also when there is none: who was there has left
      }
    },
    close: async () => {
      clearInterval(looking);
      following?.stop();
      await leave().catch(onError);
      listeners.clear();
    },
  };
}

/** Somebody else is signed in, or another workspace is open, than when the call was made. */
function moved(): CausewayError {
  return new CausewayError('sign-in-required', 'The session this was asked in is over. Nothing was done.', {
    reason: 'session',
  });
}
