import { useConsole } from '../bridge/console-provider.tsx';

/** A person by name and id where the name is known here, by id alone otherwise. */
export function PersonText({ id }: { readonly id: string }) {
  const { user } = useConsole().info;
  return user.id === id ? (
    <>
      {user.name} (<code>{id}</code>)
    </>
  ) : (
    <code>{id}</code>
  );
}
