"""Tomorrow: the people of each place by age and sex to 2045."""

from ankerort.region.forecast.forecast import Forecast, forecast_population
from ankerort.region.forecast.region_in_year import region_in_year

__all__ = ["Forecast", "forecast_population", "region_in_year"]
