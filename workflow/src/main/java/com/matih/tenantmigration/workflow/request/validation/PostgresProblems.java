package com.matih.tenantmigration.workflow.request.validation;

import com.matih.tenantmigration.workflow.request.MigrationRequest;
import com.matih.tenantmigration.workflow.request.ObjectStorageSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Database;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import com.matih.tenantmigration.workflow.request.PostgresSpec.StorageReference;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is wrong with a request's part for PostgreSQL. */
final class PostgresProblems {

  private static final int MOST_PARALLEL = 64;

  /** PostgreSQL cuts longer names off (NAMEDATALEN). */
  private static final int LONGEST_NAME = 63;

  private static final Set<String> NOBODYS = Set.of("postgres", "template0", "template1");

  private PostgresProblems() {}

  static void find(Problems problems, MigrationRequest request) {
    PostgresSpec postgres = request.postgres();
    if (postgres == null) {
      return;
    }
    database(problems, postgres.source(), "postgres.source");
    database(problems, postgres.target(), "postgres.target");
    notTheSame(problems, postgres);
    schema(problems, postgres.sourceSchema(), "postgres.sourceSchema");
    schema(problems, postgres.targetSchema(), "postgres.targetSchema");
    tenantColumn(problems, postgres);
    for (int i = 0; i < postgres.referenceTables().size(); i++) {
      tableName(
          problems,
          postgres,
          postgres.referenceTables().get(i),
          "postgres.referenceTables[" + i + "]");
    }
    problems.distinct(postgres.referenceTables(), name -> name, "postgres.referenceTables", "");
    names(problems, postgres.excludeTables(), "postgres.excludeTables");
    for (String table : postgres.excludeTables()) {
      problems.require(
          !postgres.referenceTables().contains(table),
          "postgres.excludeTables",
          "names '%s', which is also in referenceTables".formatted(table),
          "Keep it in one of the two.");
    }
    names(problems, postgres.copyUnderFence(), "postgres.copyUnderFence");
    for (String table : postgres.copyUnderFence()) {
      problems.require(
          !postgres.excludeTables().contains(table),
          "postgres.copyUnderFence",
          "names '%s', which is also in excludeTables".formatted(table),
          "Keep it in one of the two.");
    }
    TableRuleProblems.find(problems, postgres);
    problems.range(postgres.parallelism(), 1, MOST_PARALLEL, "postgres.parallelism");
    references(problems, postgres, request.objectStorage());
  }

  @SuppressWarnings("ConstantValue") // Jackson hands over null for what the file leaves out
  private static void database(Problems problems, Database database, String path) {
    if (problems.present(database, path)) {
      Addresses.jdbc(problems, database.url(), path + ".url");
      if (problems.text(database.user(), path + ".user")) {
        problems.require(
            !database.user().contains("${"),
            path + ".user",
            "has a secret reference where none is allowed",
            "Write the user's name.");
        name(problems, database.user(), path + ".user");
      }
      Secrets.requireReference(problems, database.password(), path + ".password");
    }
  }

  @SuppressWarnings("ConstantValue") // Jackson hands over null for what the file leaves out
  private static void notTheSame(Problems problems, PostgresSpec postgres) {
    boolean both = postgres.source() != null && postgres.target() != null;
    if (both && postgres.source().url() != null) {
      problems.require(
          !SamePlace.same(postgres.source().url(), postgres.target().url()),
          "postgres.target.url",
          "is the source",
          "Name the tenant's own database.");
    }
    if (postgres.target() != null) {
      String database = SamePlace.database(postgres.target().url());
      problems.require(
          !NOBODYS.contains(database),
          "postgres.target.url",
          "is one of the server's own databases",
          "Name a database of the tenant's own; it is created if it does not exist.");
      problems.require(
          database.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME,
          "postgres.target.url",
          "has a database name that is too long",
          "Write at most %d bytes.".formatted(LONGEST_NAME));
    }
  }

  private static void schema(Problems problems, @Nullable String name, String path) {
    if (problems.text(name, path) && name != null) {
      name(problems, name, path);
      problems.require(
          !name.startsWith("pg_") && !name.equals("information_schema"),
          path,
          "is one of PostgreSQL's own schemas",
          "Name a schema that holds tenants' tables.");
    }
  }

  private static void name(Problems problems, String name, String path) {
    problems.require(
        name.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME,
        path,
        "is longer than a PostgreSQL name may be",
        "Write at most %d bytes.".formatted(LONGEST_NAME));
  }

  static void nameOf(Problems problems, @Nullable String name, String path) {
    if (problems.text(name, path) && name != null) {
      name(problems, name, path);
    }
  }

  /** A table's name; with a schema of the tenant's own, another schema's name may come first. */
  static void tableName(
      Problems problems, PostgresSpec postgres, @Nullable String name, String path) {
    if (name != null && postgres.isolation() == Isolation.SCHEMA && isQualified(name)) {
      schema(problems, name.substring(0, name.indexOf('.')), path);
      nameOf(problems, name.substring(name.indexOf('.') + 1), path);
    } else {
      nameOf(problems, name, path);
    }
  }

  /** Whether a name has a schema before it. */
  static boolean isQualified(String name) {
    int dot = name.indexOf('.');
    return dot > 0 && dot < name.length() - 1;
  }

  private static void names(Problems problems, List<String> names, String path) {
    for (int i = 0; i < names.size(); i++) {
      String where = path + "[" + i + "]";
      nameOf(problems, names.get(i), where);
    }
    problems.distinct(names, name -> name, path, "");
  }

  private static void tenantColumn(Problems problems, PostgresSpec postgres) {
    String path = "postgres.tenantColumn";
    String column = postgres.tenantColumn();
    switch (postgres.isolation()) {
      case ROWS -> {
        if (problems.text(column, path) && column != null) {
          name(problems, column, path);
        }
      }
      case SCHEMA ->
          problems.require(
              column == null,
              path,
              "is not allowed with isolation: schema, where every row is the tenant's",
              "Remove it, or write isolation: rows.");
    }
  }

  private static void references(
      Problems problems, PostgresSpec postgres, @Nullable ObjectStorageSpec objectStorage) {
    String path = "postgres.storageReferences";
    List<StorageReference> references = postgres.storageReferences();
    for (int i = 0; i < references.size(); i++) {
      nameOf(problems, references.get(i).table(), path + "[" + i + "].table");
      nameOf(problems, references.get(i).column(), path + "[" + i + "].column");
    }
    problems.distinct(
        references, reference -> reference.table() + "." + reference.column(), path, "");
    problems.require(
        references.isEmpty() || objectStorage != null,
        path,
        "cannot be rewritten, because the request does not move the objects they refer to",
        "Add objectStorage, or remove storageReferences.");
  }
}
