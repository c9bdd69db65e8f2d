/// What CUDA and cuBLAS hand out and want back, and their errors as exceptions.
#pragma once

#include <cublasLt.h>
#include <cublas_v2.h>
#include <cuda_runtime_api.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace superpod::models::cuda {

inline void require(cudaError_t status, const char* what) {
  if (status != cudaSuccess)
    throw std::runtime_error{std::string{"CUDA, "} + what + ": " + cudaGetErrorString(status)};
}

inline void require(cublasStatus_t status, const char* what) {
  if (status != CUBLAS_STATUS_SUCCESS)
    throw std::runtime_error{std::string{"cuBLAS, "} + what + ": " + cublasGetStatusString(status)};
}

template <auto give_back>
struct GiveBack {
  template <class T>
  void operator()(T* handle) const {
    give_back(handle);
  }
};

template <class Handle, auto give_back>
using Held = std::unique_ptr<std::remove_pointer_t<Handle>, GiveBack<give_back>>;

using Stream = Held<cudaStream_t, &cudaStreamDestroy>;
using Event = Held<cudaEvent_t, &cudaEventDestroy>;
using Graph = Held<cudaGraph_t, &cudaGraphDestroy>;
using ReadyGraph = Held<cudaGraphExec_t, &cudaGraphExecDestroy>;

inline Stream make_stream() {
  cudaStream_t stream = nullptr;
  require(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "stream");
  return Stream{stream};
}

inline Event make_event(unsigned flags = cudaEventDefault) {
  cudaEvent_t event = nullptr;
  require(cudaEventCreateWithFlags(&event, flags), "event");
  return Event{event};
}

/// An array in device memory, not initialised; CUDA aligns it to at least 256 bytes.
template <class T>
class Memory {
 public:
  Memory() = default;
  explicit Memory(std::size_t size) : size_{size} {
    void* pointer = nullptr;
    if (size > 0) require(cudaMalloc(&pointer, size * sizeof(T)), "memory");
    memory_.reset(static_cast<T*>(pointer));
  }

  [[nodiscard]] T* get() const { return memory_.get(); }
  [[nodiscard]] std::size_t size() const { return size_; }

  /// Waits for nothing but the copy.
  [[nodiscard]] std::vector<T> on_host() const {
    std::vector<T> copy(size_);
    if (size_ > 0)
      require(cudaMemcpy(copy.data(), get(), size_ * sizeof(T), cudaMemcpyDeviceToHost), "copy to host");
    return copy;
  }

 private:
  Held<T*, &cudaFree> memory_;
  std::size_t size_ = 0;
};

}  // namespace superpod::models::cuda
