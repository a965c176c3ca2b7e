// What `/live?channel=…` shows where that names no channel: nothing is asked of the hub.
export function NoChannel({ name }: { name: string }) {
  return (
    <main>
      <h1>Reactor</h1>
      <p className="error" role="alert" data-reactor="no-channel">
        “{name}” is no channel: it takes 1 to 64 of a-z, 0-9, “.”, “_” and “-”, with a letter or digit first.
      </p>
      <p>
        <a href="/live">The default channel</a>
      </p>
    </main>
  );
}
