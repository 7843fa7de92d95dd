/** The address of a database of the test's own; disposing removes the database. */
export interface TestDatabaseUrl extends AsyncDisposable {
  url: string;
}
