package com.matih.tenantmigration.embedded.workload.objects;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Compares what is in a place with what was acknowledged, and two places with each other. It reads
 * everything, and shares nothing with what moves objects.
 */
public final class ObjectJudge {

  private ObjectJudge() {}

  /** What is not as the journal says it was last acknowledged; nobody writes meanwhile. */
  public static List<String> acknowledged(ObjectJournal journal, ObjectPlace place) {
    Map<String, ObjectState> expected = new TreeMap<>();
    journal.states().forEach((name, state) -> state.ifPresent(there -> expected.put(name, there)));
    return differences("acknowledged", expected, place.toString(), read(place));
  }

  /** In what two places differ. */
  public static List<String> difference(ObjectPlace one, ObjectPlace other) {
    return differences(one.toString(), read(one), other.toString(), read(other));
  }

  private static List<String> differences(
      String oneName,
      Map<String, ObjectState> one,
      String otherName,
      Map<String, ObjectState> other) {
    List<String> found = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(one.keySet());
    names.addAll(other.keySet());
    for (String name : names) {
      Optional<ObjectState> left = Optional.ofNullable(one.get(name));
      Optional<ObjectState> right = Optional.ofNullable(other.get(name));
      if (!left.equals(right)) {
        found.add(
            "%s: %s in %s, %s in %s"
                .formatted(
                    name,
                    left.map(ObjectState::toString).orElse("nothing"),
                    oneName,
                    right.map(ObjectState::toString).orElse("nothing"),
                    otherName));
      }
    }
    return found;
  }

  /** All objects of a place by their names. */
  private static Map<String, ObjectState> read(ObjectPlace place) {
    Map<String, ObjectState> objects = new TreeMap<>();
    try (S3Client s3 = place.connect()) {
      for (S3Object object :
          s3.listObjectsV2Paginator(list -> list.bucket(place.bucket()).prefix(place.prefix()))
              .contents()) {
        ResponseBytes<GetObjectResponse> read =
            s3.getObjectAsBytes(get -> get.bucket(place.bucket()).key(object.key()));
        objects.put(
            object.key().substring(place.prefix().length()),
            ObjectState.of(
                read.asByteArrayUnsafe(),
                String.valueOf(read.response().contentType()),
                read.response().metadata()));
      }
    }
    return objects;
  }
}
