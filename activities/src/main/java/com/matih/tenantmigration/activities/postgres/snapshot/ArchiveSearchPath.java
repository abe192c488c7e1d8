package com.matih.tenantmigration.activities.postgres.snapshot;

import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint;
import com.matih.tenantmigration.activities.postgres.ledger.SnapshotPoint.Extension;
import com.matih.tenantmigration.activities.postgres.programs.TemporaryFolder;
import com.matih.tenantmigration.activities.postgres.sql.Identifiers;
import com.matih.tenantmigration.activities.postgres.sql.SqlLiterals;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Has an archive restored by sessions that find the names that the schema's functions call without
 * a schema, as services do.
 *
 * <p>An archive says itself which {@code search_path} its statements run with, and {@code
 * pg_restore} has no option against it: none at all, so an index whose function calls another one
 * by its bare name could not be built. The statements name everything with its schema and mean the
 * same with either. The path is a text of the table of contents, which is written as its length (a
 * byte for the sign, then four, the lowest first) and its bytes; an archive of a schema alone holds
 * nothing after it that refers to a place in the file. An archive in which that text is not found
 * stays as it is.
 */
final class ArchiveSearchPath {

  private static final String STATEMENT =
      "SELECT pg_catalog.set_config('search_path', %s, false);\n";

  private ArchiveSearchPath() {}

  /** Where names are looked for while the schema stands under its source's name. */
  static List<String> of(String schema, SnapshotPoint taken) {
    Set<String> schemas = new LinkedHashSet<>();
    schemas.add("pg_catalog");
    schemas.add(schema);
    schemas.addAll(taken.sharedSchemaNames());
    taken.extensions().stream().map(Extension::schema).forEach(schemas::add);
    return new ArrayList<>(schemas);
  }

  /** Changes the archive's path. */
  static void set(Path archive, List<String> schemas) {
    try {
      byte[] before = Files.readAllBytes(archive);
      byte[] none = text(STATEMENT.formatted("''"));
      OptionalInt found = find(before, none);
      if (found.isPresent()) {
        byte[] path = text(STATEMENT.formatted(SqlLiterals.quote(Identifiers.list(schemas))));
        int rest = found.getAsInt() + none.length;
        ByteBuffer after = ByteBuffer.allocate(before.length - none.length + path.length);
        after.put(before, 0, found.getAsInt()).put(path).put(before, rest, before.length - rest);
        Files.write(archive, after.array());
      }
    } catch (IOException e) {
      throw TemporaryFolder.failure("set the search path of the schema's archive", e);
    }
  }

  /** A text as the table of contents holds it. */
  private static byte[] text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(1 + Integer.BYTES + bytes.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 0)
        .putInt(bytes.length)
        .put(bytes)
        .array();
  }

  private static OptionalInt find(byte[] in, byte[] sought) {
    for (int i = 0; i <= in.length - sought.length; i++) {
      int same = 0;
      while (same < sought.length && in[i + same] == sought[same]) {
        same++;
      }
      if (same == sought.length) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }
}
