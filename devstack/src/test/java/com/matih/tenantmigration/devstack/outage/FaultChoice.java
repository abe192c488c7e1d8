package com.matih.tenantmigration.devstack.outage;

import com.matih.tenantmigration.activities.engine.fault.DurableAct;
import com.matih.tenantmigration.workflow.Step;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.request.Mode;
import com.matih.tenantmigration.workflow.request.PostgresSpec.Isolation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Chooses cases by a seed: each point that was seen in a kind of migration before any a second
 * time, and each fault before any a second time.
 */
final class FaultChoice {

  private final Random random;
  private final Set<Fault> faults;

  /**
   * @param faults what can happen here
   */
  FaultChoice(long seed, Set<Fault> faults) {
    this.random = new Random(seed);
    this.faults = EnumSet.copyOf(faults);
  }

  /** A kind of migration, which comes to the same points each time. */
  record Kind(FaultCase.Way way, Mode mode) {}

  /**
   * Chooses.
   *
   * @param points those that each kind was seen to come to
   */
  List<FaultCase> choose(int count, Map<Kind, List<String>> points) {
    List<FaultCase> cases = new ArrayList<>();
    List<Place> places = new ArrayList<>();
    List<Fault> next = new ArrayList<>();
    while (cases.size() < count) {
      if (places.isEmpty()) {
        places.addAll(shuffled(points));
      }
      if (next.isEmpty()) {
        next.addAll(faults);
        Collections.shuffle(next, random);
      }
      Place place = places.remove(places.size() - 1);
      cases.add(
          new FaultCase(
              place.kind().way(),
              place.kind().mode(),
              random.nextBoolean() ? Isolation.ROWS : Isolation.SCHEMA,
              place.point(),
              next.remove(next.size() - 1),
              storeOf(place.point())));
    }
    return cases;
  }

  /** A point in a kind of migration. */
  private record Place(Kind kind, String point) {}

  private List<Place> shuffled(Map<Kind, List<String>> points) {
    List<Place> places = new ArrayList<>();
    Arrays.stream(FaultCase.Way.values())
        .flatMap(way -> Arrays.stream(Mode.values()).map(mode -> new Kind(way, mode)))
        .forEach(
            kind ->
                points
                    .getOrDefault(kind, List.of())
                    .forEach(point -> places.add(new Place(kind, point))));
    Collections.shuffle(places, random);
    return places;
  }

  private Store storeOf(String point) {
    String what = point.substring(0, point.indexOf(':'));
    Optional<StoreName> of =
        Step.ofActivity(what)
            .map(Step::store)
            .or(
                () ->
                    Arrays.stream(DurableAct.values())
                        .filter(act -> act.words().equals(what))
                        .map(DurableAct::store)
                        .findFirst());
    List<Store> all = List.of(Store.values());
    List<Store> own = all.stream().filter(store -> of.isEmpty() || isOf(store, of.get())).toList();
    List<Store> stores = own.isEmpty() ? all : own;
    return stores.get(random.nextInt(stores.size()));
  }

  private static boolean isOf(Store store, StoreName name) {
    String kind = store.name().substring(store.name().indexOf('_') + 1);
    return switch (name) {
      case POSTGRES -> kind.equals("POSTGRES");
      case OBJECT_STORAGE -> kind.equals("S3");
      case KAFKA -> kind.equals("KAFKA");
      case ELASTICSEARCH -> kind.equals("ELASTICSEARCH");
      case REDIS -> kind.equals("REDIS");
      default -> false;
    };
  }
}
