# Links gRPC, protobuf, Abseil and their like into the programs where Debian has them as archives: a program that maps ninety libraries has pages
# of each, and relocates them at every start (docs/adr/0020). Included before and after Parts: Boost's are asked for, the others are taken
# from beside the shared ones. Sanitized programs keep the shared ones, and so does who uses the installed toolkit.
option(MALL_STATIC_PARTS "Link third-party parts into the programs where there are archives of them" ON)
if(NOT MALL_STATIC_PARTS OR MALL_SANITIZE)
  return()
endif()

set(Boost_USE_STATIC_LIBS ON)

get_property(parts DIRECTORY PROPERTY IMPORTED_TARGETS)
list(FILTER parts INCLUDE REGEX "^(gRPC|absl|protobuf|re2|c-ares|ZLIB|cjose)::")
foreach(part IN LISTS parts)
  foreach(place IN ITEMS IMPORTED_LOCATION IMPORTED_LOCATION_NONE IMPORTED_LOCATION_RELEASE)
    get_target_property(shared ${part} ${place})
    string(REGEX REPLACE "\\.so[.0-9]*$" ".a" archive "${shared}")
    if(shared AND EXISTS "${archive}")
      set_target_properties(${part} PROPERTIES ${place} "${archive}")
    endif()
  endforeach()
endforeach()
add_link_options(-Wl,--gc-sections)
