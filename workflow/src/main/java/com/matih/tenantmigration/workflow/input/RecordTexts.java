package com.matih.tenantmigration.workflow.input;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Visits every text and every list of a record, by the path under which people write it. */
public final class RecordTexts {

  private final Visitor visitor;

  private RecordTexts(Visitor visitor) {
    this.visitor = visitor;
  }

  /** Learns what a record holds; the paths are as in {@code kafka.topics[0].from}. */
  public interface Visitor {

    /** A text, or a name or a value of a map. */
    void text(String path, String text);

    /** A list or a map with so many entries. */
    void entries(String path, int count);
  }

  /** Visits what the record holds, in the order of its components; a map's in that of its names. */
  public static void visit(Record record, Visitor visitor) {
    new RecordTexts(visitor).value("", record);
  }

  private void value(String path, @Nullable Object value) {
    if (value instanceof String text) {
      visitor.text(path, text);
    } else if (value instanceof Record record) {
      for (RecordComponent component : record.getClass().getRecordComponents()) {
        String below = path.isEmpty() ? component.getName() : path + "." + component.getName();
        value(below, read(component, record));
      }
    } else if (value instanceof List<?> list) {
      visitor.entries(path, list.size());
      for (int i = 0; i < list.size(); i++) {
        value(path + "[" + i + "]", list.get(i));
      }
    } else if (value instanceof Map<?, ?> map) {
      visitor.entries(path, map.size());
      Map<String, @Nullable Object> sorted = new TreeMap<>();
      map.forEach((name, entry) -> sorted.put(String.valueOf(name), entry));
      sorted.forEach(
          (name, entry) -> {
            visitor.text(path + "." + VisibleText.of(name) + " (its name)", name);
            value(path + "." + VisibleText.of(name), entry);
          });
    }
  }

  private static @Nullable Object read(RecordComponent component, Record record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a record that does not show its " + component, e);
    }
  }
}
