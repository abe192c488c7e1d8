package com.matih.tenantmigration.workflow.request.allowed;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What values one setting may have. */
sealed interface Setting
    permits Setting.Choice, Setting.Range, Setting.FilePath, Setting.Text, JaasLogin {

  /** One of a few words. */
  record Choice(Set<String> values) implements Setting {
    static Choice of(String... values) {
      return new Choice(Set.of(values));
    }

    @Override
    public Optional<Objection> objection(String value) {
      return values.contains(value)
          ? Optional.empty()
          : Optional.of(
              new Objection(
                  "is not an allowed value",
                  "Write one of " + String.join(", ", new TreeSet<>(values)) + "."));
    }
  }

  /** A whole number between two others. */
  record Range(int least, int most) implements Setting {
    @Override
    public Optional<Objection> objection(String value) {
      boolean within =
          value.matches("\\d{1,9}")
              && Integer.parseInt(value) >= least
              && Integer.parseInt(value) <= most;
      return within
          ? Optional.empty()
          : Optional.of(
              new Objection(
                  "is out of range", "Write a whole number from %d to %d.".formatted(least, most)));
    }
  }

  /** The absolute path of a file, which the worker looks at before it is used. */
  record FilePath() implements Setting {
    @Override
    public Optional<Objection> objection(String value) {
      return value.startsWith("/")
          ? Optional.empty()
          : Optional.of(
              new Objection(
                  "is not the absolute path of a file",
                  "Name a file in one of the folders that the worker's references.folders lists."));
    }
  }

  /** Any text. */
  record Text() implements Setting {
    @Override
    public Optional<Objection> objection(String value) {
      return Optional.empty();
    }
  }

  /** Why the value is refused; empty for one that may be set. */
  Optional<Objection> objection(String value);
}
