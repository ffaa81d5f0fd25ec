import { useConsole } from '../bridge/console-provider.tsx';
import { usePeople } from '../bridge/people-provider.tsx';

/** A person by name and id where the name is known here, by id alone otherwise. */
export function PersonText({ id }: { readonly id: string }) {
  const { user } = useConsole().info;
  const name = usePeople().data?.find((person) => person.id === id)?.name ?? (user.id === id ? user.name : null);
  return name === null ? (
    <code>{id}</code>
  ) : (
    <>
      <span className="external-wrap">{name}</span> (<code>{id}</code>)
    </>
  );
}
