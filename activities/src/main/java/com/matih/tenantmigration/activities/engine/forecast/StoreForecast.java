package com.matih.tenantmigration.activities.engine.forecast;

import com.matih.tenantmigration.activities.engine.AskedToStop;
import com.matih.tenantmigration.workflow.MigrationException;
import com.matih.tenantmigration.workflow.StoreName;
import com.matih.tenantmigration.workflow.report.forecast.StoreEstimate;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What a plan expects of one store.
 *
 * @param preparation how many seconds a copy takes beside the data: what is created before and
 *     finished after it
 * @param effort how much longer it takes to copy data than one session takes to read it; below 1
 *     where several sessions copy
 * @param drain how many seconds the rest takes under the fence while little changes
 */
public record StoreForecast(StoreName store, double preparation, double effort, double drain) {

  /**
   * Reads a sample and estimates.
   *
   * @param units how much there is to copy, in what the sample is counted in
   * @param reading reads from the shared side as long as the sample goes on
   * @param bytesPerSecond how many the copy may read; empty for as many as there are
   * @throws MigrationException where the plan was asked to stop; any other failure is the reason
   *     why the store is not estimated
   */
  public StoreEstimate estimate(
      long units, Consumer<ReadSample> reading, OptionalLong bytesPerSecond) {
    return estimate(units, reading, bytesPerSecond, System::nanoTime);
  }

  StoreEstimate estimate(
      long units,
      Consumer<ReadSample> reading,
      OptionalLong bytesPerSecond,
      LongSupplier nanoTime) {
    if (units == 0) {
      return StoreEstimate.of(store, preparation, drain);
    }
    ReadSample sample = new ReadSample(nanoTime);
    try {
      reading.accept(sample);
    } catch (MigrationException e) {
      AskedToStop.rethrow(e);
      return StoreEstimate.unknown(store, String.valueOf(e.getMessage()));
    }
    return sample.tells()
        ? StoreEstimate.of(
            store, preparation + sample.copySeconds(units, effort, bytesPerSecond), drain)
        : StoreEstimate.unknown(store, "Nothing could be read within a second.");
  }
}
