package com.matih.tenantmigration.activities.postgres.follow.model;

/**
 * A 64-bit hash of a state. Two states with the same hash count as one, so a state may be missed;
 * among 10 million states the probability of that is below one in 300,000.
 */
final class Fingerprint {

  private long hash;

  private Fingerprint() {}

  static long of(State state) {
    Fingerprint fingerprint = new Fingerprint();
    fingerprint.shared(state.shared());
    for (WriterState writer : state.writers()) {
      fingerprint.add(
          writer.status().name().hashCode(),
          writer.step(),
          bit(writer.half(), 0) + bit(writer.fenceSeen(), 1) + bit(writer.noted(), 2),
          writer.view());
    }
    fingerprint.dedicated(state.dedicated());
    fingerprint.add(
        state.memory().stage().name().hashCode(),
        state.memory().snapshot(),
        state.memory().settled(),
        state.memory().deathsLeft());
    fingerprint.add(state.memory().read().stream().mapToLong(Fingerprint::of).sum());
    return fingerprint.hash;
  }

  private void shared(SharedSide shared) {
    long versions = 0;
    for (Version version : shared.versions()) {
      versions += mix(mix(of(version.row()), version.place(), version.xmin()), version.xmax(), 1);
    }
    long notes = 0;
    for (Note note : shared.notes()) {
      notes += of(note);
    }
    add(versions, notes, shared.committed(), shared.capturedWith());
    add(bit(shared.fenced(), 0), shared.nextNote());
  }

  private void dedicated(DedicatedSide dedicated) {
    for (Row row : dedicated.rows()) {
      add(of(row));
    }
    for (Listed listed : dedicated.listed()) {
      add(listed.key().table(), listed.key().key(), listed.movers());
    }
    add(dedicated.rows().size(), dedicated.ranges(), dedicated.rounds());
    add(
        bit(dedicated.corrected(), 0) + bit(dedicated.keysBuilt(), 1) + bit(dedicated.drained(), 2),
        dedicated.lastNote());
  }

  private void add(long... values) {
    for (long value : values) {
      hash = mix(hash, value, 3);
    }
  }

  private static long of(Row row) {
    return mix(mix(row.table(), row.key(), row.owner()), row.value(), 2);
  }

  private static long of(Note note) {
    long key = mix(note.key().table(), note.key().key(), note.xid());
    return mix(key, note.move().name().hashCode(), note.id());
  }

  private static int bit(boolean value, int place) {
    return value ? 1 << place : 0;
  }

  /** The finalizer of MurmurHash3 over three values. */
  private static long mix(long a, long b, long c) {
    long mixed = (a * 0x9E3779B97F4A7C15L + b) * 0xC2B2AE3D27D4EB4FL + c + 0x165667B19E3779F9L;
    mixed = (mixed ^ (mixed >>> 33)) * 0xFF51AFD7ED558CCDL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return mixed ^ (mixed >>> 33);
  }
}
