import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Console } from '#main/console.ts';
import { COMMAND_ACCESS } from '../access.ts';
import { type Io, plain } from '../io.ts';
import { WORKSPACE_OPTIONS, withSeat } from '../workspace.ts';

const USAGE = `usage: causeway witness request --out FILE [--for NAME] [--from SIZE]
       causeway witness cosign REQUEST --out FILE [--trust KEY_ID]
       causeway witness add FILE [--trust VKEY]
       causeway witness remove NAME
       causeway witness list
       causeway witness key
       each with [--data DIR] [--json]
`;

interface Call {
  readonly console: Console;
  readonly io: Io;
  readonly json: boolean;
  readonly argument: string | undefined;
  readonly out: string | undefined;
  readonly trust: string | undefined;
  readonly for: string | undefined;
  readonly from: number | undefined;
}

interface Subcommand {
  /** What it is called with besides its options; null for nothing. */
  readonly argument: string | null;
  readonly options: readonly ('out' | 'trust' | 'for' | 'from')[];
  readonly run: (call: Call) => Promise<number>;
}

const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  request: { argument: null, options: ['out', 'for', 'from'], run: request },
  cosign: { argument: 'REQUEST', options: ['out', 'trust'], run: cosign },
  add: { argument: 'FILE', options: ['trust'], run: add },
  remove: { argument: 'NAME', options: [], run: remove },
  list: { argument: null, options: [], run: list },
  key: { argument: null, options: [], run: key },
};

/**
 * `causeway witness`: has this chain's checkpoints cosigned by other consoles, and cosigns theirs, by file. Exit 1 also
 * when a person has to trust a key first: it is shown, and given with `--trust`.
 */
export async function runWitness(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...WORKSPACE_OPTIONS,
      json: { type: 'boolean', default: false },
      out: { type: 'string' },
      trust: { type: 'string' },
      for: { type: 'string' },
      from: { type: 'string' },
    },
  });
  const [name = '', argument, ...rest] = positionals;
  const subcommand = Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined;
  const given = (['out', 'trust', 'for', 'from'] as const).filter((option) => values[option] !== undefined);
  const from = values.from === undefined ? undefined : readSize(values.from);
  if (
    subcommand === undefined ||
    rest.length > 0 ||
    (subcommand.argument === null) !== (argument === undefined) ||
    given.some((option) => !subcommand.options.includes(option)) ||
    (subcommand.options.includes('out') && values.out === undefined) ||
    from === null
  ) {
    io.stderr(USAGE);
    return 2;
  }
  const out = values.out === undefined ? undefined : path.resolve(values.out);
  const { json, trust, for: whom } = values;
  const access = COMMAND_ACCESS[name === 'list' || name === 'key' ? 'witness read' : 'witness change'];
  return withSeat({ ...values, access }, ({ console }) =>
    subcommand.run({ console, io, json, argument, out, trust, for: whom, from }),
  );
}

function readSize(text: string): number | null {
  return /^(0|[1-9][0-9]{0,14})$/.test(text) ? Number(text) : null;
}

async function request({ console, io, json, out = '', for: whom, from }: Call): Promise<number> {
  const made = await console.witnessing.request(out, { for: whom, from });
  const since = made.old === 0 ? 'from the beginning' : `from the ${made.old} records it saw last`;
  const next = `Next: give it to the witness, and add its answer: causeway witness add ANSWER\n`;
  say(io, json, made, `${made.file}\na request to cosign ${made.size} records, ${since}\n${next}`);
  return 0;
}

async function cosign({ console, io, json, argument = '', out = '', trust }: Call): Promise<number> {
  const result = await console.witnessing.cosign(path.resolve(argument), out, trust);
  if (result.needsTrust !== null) {
    const { chain, tenant, keyId, size } = result.needsTrust;
    say(
      io,
      json,
      result,
      `Not cosigned yet: this console has not seen that chain before.\n` +
        `chain     ${chain}\ntenant    ${tenant}\nrecords   ${size}\nkey       ${keyId}\n` +
        `Compare the key with what the chain's owner tells you another way. If it is the same:\n` +
        `  causeway witness cosign ${plain(argument)} --out ${plain(out)} --trust ${keyId}\n`,
    );
    return 1;
  }
  const { file, chain, size, vkey } = result;
  say(io, json, result, `${file}\ncosigned ${size} records of chain ${chain}\nas ${plain(vkey)}\n`);
  return 0;
}

async function add({ console, io, json, argument = '', trust }: Call): Promise<number> {
  const result = await console.witnessing.add(path.resolve(argument), trust);
  if (result.needsTrust !== null) {
    const { name, vkey } = result.needsTrust;
    say(
      io,
      json,
      result,
      `Not added yet: ${plain(name)} is not a witness this console trusts.\nkey       ${plain(vkey)}\n` +
        `Compare the key with what the witness tells you another way (causeway witness key). If it is the same:\n` +
        `  causeway witness add ${plain(argument)} --trust '${plain(vkey)}'\n`,
    );
    return 1;
  }
  const lines = result.cosignatures.map(({ witness, at, state }) => `  ${plain(witness)} at ${at}, ${state}\n`);
  say(io, json, result, `The checkpoint of ${result.size} records is cosigned by:\n${lines.join('')}`);
  return 0;
}

async function remove({ console, io, json, argument = '' }: Call): Promise<number> {
  await console.witnessing.remove(argument);
  say(io, json, { removed: argument }, `${plain(argument)} is no longer trusted. Its cosignatures stay.\n`);
  return 0;
}

async function list({ console, io, json }: Call): Promise<number> {
  const witnesses = console.witnessing.witnesses();
  const lines = witnesses.map(({ name, vkey, lastSize, lastAt }) => {
    const last = lastSize === null ? 'nothing yet' : `${lastSize} records at ${lastAt}`;
    return `${plain(name)}\n  key   ${plain(vkey)}\n  last  ${last}\n`;
  });
  say(io, json, witnesses, lines.length === 0 ? 'No witness is trusted yet.\n' : lines.join(''));
  return 0;
}

async function key({ console, io, json }: Call): Promise<number> {
  const vkey = await console.witnessing.ownKey();
  say(io, json, { vkey }, `${vkey}\n`);
  return 0;
}

function say(io: Io, json: boolean, value: unknown, text: string): void {
  io.stdout(json ? `${JSON.stringify(value)}\n` : text);
}
