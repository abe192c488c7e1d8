package com.matih.tenantmigration.workflow.request;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How gently the shared side is read.
 *
 * @param bytesPerSecond how many bytes a second each store is read with; no bound when left out
 * @param maxReplicaLag how far a streaming replica of the shared database may be behind before
 *     reading that database waits for it; replicas do not matter when left out
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ThrottleSpec(
    @JsonDeserialize(using = ByteSize.Deserializer.class) @Nullable Long bytesPerSecond,
    @JsonSerialize(using = ShortDuration.Serializer.class)
        @JsonDeserialize(using = ShortDuration.Deserializer.class)
        @Nullable Duration maxReplicaLag) {

  /** No bound at all. */
  public static final ThrottleSpec OFF = new ThrottleSpec(null, null);

  /** The shortest and the longest lag that may be asked for. */
  public static final Duration SHORTEST_LAG = Duration.ofMillis(100);

  public static final Duration LONGEST_LAG = Duration.ofHours(1);

  /** What a request asks for; {@link #OFF} where it has no such part. */
  public static ThrottleSpec of(@Nullable ThrottleSpec asked) {
    return asked == null ? OFF : asked;
  }

  /** Whether nothing is bounded. */
  public boolean boundsNothing() {
    return bytesPerSecond == null && maxReplicaLag == null;
  }

  /** {@code 50MB/s for each store, waits for replicas more than 5s behind}, or {@code off}. */
  public String words() {
    List<String> words = new ArrayList<>();
    if (bytesPerSecond != null) {
      words.add(ByteSize.format(bytesPerSecond) + "/s for each store");
    }
    if (maxReplicaLag != null) {
      words.add(
          "waits for replicas more than %s behind".formatted(ShortDuration.format(maxReplicaLag)));
    }
    return words.isEmpty() ? "off" : String.join(", ", words);
  }
}
