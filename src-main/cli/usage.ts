export const USAGE = `causeway: incidents investigated with least privilege, approved by people, on record

  causeway demo [--out DIR] [--scenario NAME] [--yes [--justification TEXT]]
      the main job on the built-in sandbox cloud: alarm, investigation, approval, repair, export, verification

Workspaces and people
  causeway workspace create --title TEXT --name NAME --email ADDRESS
  causeway workspace list|owner
      workspaces with people, keys and files of their own; the window makes and opens the same ones
  causeway sign-in [--email ADDRESS]   the session of this terminal, kept in the keychain; also: sign-out, whoami
  causeway second-factor               sets up an authenticator and shows the recovery codes once
  causeway people list|invite|accept|role|alias|reset-second-factor|sign-out|remove|withdraw
      who is in the workspace; whoever is invited takes it up with a code: people accept --name NAME
  causeway api-key list|create|revoke  keys for programs, each for some permissions and a number of days

Incidents
  causeway incident import FILE        an alarm file becomes an incident (EventBridge, Alertmanager, PagerDuty)
  causeway incident list
  causeway investigate INCIDENT        agents investigate; ends with a proposed plan or the reason for none
  causeway approve REMEDIATION [--reject] [--justification TEXT --yes]
      shows the plan, asks, records the decision of somebody who did not ask for it; with the last approval it takes, the
      plan is executed and checked
  causeway approve REMEDIATION --break-glass --reason TEXT
      in an emergency, one person alone; somebody else reviews it: causeway review list|decide
  causeway request save|take|answer    a decision by somebody at another console, by file (docs/decision-files.md)
  causeway device list|export|register|remove
      the keys that sign such decisions
  causeway leases list|revoke          credentials agents hold now

The audit trail and what protects it
  causeway export --out FILE [--format chain|range|extract|ocsf|cef|csv] [--first N --last M | --from TIME --to TIME]
      [--incident ID] [--category NAME] [--disclose]    the audit trail as a file; personal values stay sealed unless disclosed
  causeway verify FILE [--since CHECKPOINT_FILE] [--key KEY_ID] [--witness VKEY]...
                  [--skip-signatures] [--json]
  causeway status                      how the own trail stands, how much of it was checked, and what was found
  causeway acknowledge [--justification TEXT --yes]
      takes note, on record, of what contradicts the own history; until then nothing is written
  causeway keys                        the keys that have signed the trail
  causeway keys rotate --reason TEXT [--kms KEY_ARN --region REGION [--profile P] [--endpoint URL] | --sandbox-kms]
      another key signs from here on: a new one in the keychain, or one in AWS KMS
  causeway policy show|preview|propose the guardrail policies, what others would mean, and asking for them
  causeway changes list|decide|withdraw
      what two people change together: policies, the signing key, acknowledging a break
  causeway secret list|set|delete|rotate
      what integrations sign in with, encrypted; values are typed or come through a pipe, and are never printed
  causeway witness request|cosign|add|remove|list|key
      checkpoints cosigned by other consoles, and theirs by this one, by file (docs/witness.md)
  causeway witness-folder list|add FOLDER|remove FOLDER
      folders elsewhere that are given every new checkpoint; a database put back is told by them

Evidence
  causeway example [--records N]       a workspace with a year of plainly synthetic history, to look at
  causeway compliance overview|control|framework|exceptions|plan|check
      the control register as evidence has it; its changes: owner|cadence|due|perform|not-applicable|applicable
  causeway access-review list|open|decide|close
      everybody's access looked at by somebody else, with a frozen population
  causeway sample draw --number DIGITS  records drawn with a number the auditor picks, for anybody to draw again
  causeway report make KIND --out FILE  an evidence report, signed and on record; also: report list, report machine
  causeway report reperform REPORT --chain FILE
      computes every figure again from an exported chain and names what differs; needs no account
  causeway bundle make|verify|reperform|note
      everything an auditor needs in one folder (docs/auditor-bundle.md); an auditor needs no account
  causeway notes list|take FILE        what the auditor said about a bundle

  Commands on a workspace take --data DIR (default: the console's own folder), --workspace NAME where there are several, and
  most --json. With CAUSEWAY_API_KEY set they run as that key. A command with verbs says how each is used when it is called
  without one. Passwords and codes are asked for, or read line by line from a pipe.
  Exit status: 0 done, 1 refused or failed, 2 wrong usage (verify: 0 valid, 1 invalid, 2 unreadable; reperform: 0 agrees,
  1 differs, 3 cannot be told).
`;

/** Whether somebody asks how a command is used instead of using it. */
export function asksForHelp(args: readonly string[]): boolean {
  return args.includes('--help') || args.includes('-h');
}

/** What the overview says of one command; all of it when it says nothing of that one. */
export function usageOf(command: string): string {
  const blocks = USAGE.split(/^(?= {2}\S)|\n(?=\n)/m).filter((block) =>
    new RegExp(`^ {2}causeway (${command}|.*; also: (.*, )?${command})(?![\\w-])`).test(block),
  );
  return blocks.length === 0 ? USAGE : `usage:\n${blocks.join('')}`;
}
